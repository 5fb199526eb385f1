"""The gradient lab: what its pages compute and lay out."""
