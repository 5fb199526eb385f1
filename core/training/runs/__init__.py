"""Runs on disk: each is a folder that says everything of one training.

Nothing is imported here, so that listing runs stays quick to load.
"""
