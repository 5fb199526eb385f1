"""Training: the loop, its checkpoints, and the models that the project ships.

Nothing is imported here, so that ``core.training.shelf`` stays quick to load (no torch).
"""
