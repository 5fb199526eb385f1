"""The workshop: training runs are started, watched, compared and looked into."""
