"""The models that show what sequences are good for; ``python -m core.training.gallery``.

Nothing is imported here, so that the shelf stays quick to load (no torch).
"""
