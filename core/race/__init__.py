"""The memory race: networks of one size on tasks with a delay, by one protocol.

Nothing is imported here, so that reading a finished grid does not wait for more than it needs.
"""
