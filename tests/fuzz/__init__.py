"""Inputs that nobody meant: addresses and files by their thousands, with limits on time and memory.

``python -m tests.fuzz addresses`` and ``python -m tests.fuzz files`` are the long runs; the tests
beside them take a few of the same inputs, from a fixed seed.
"""
