"""The embedding space: vectors, layouts, the cloud, and the tools below it."""
