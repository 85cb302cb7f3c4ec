"""Drift: whether the papers that come are still those that a model has learned from."""
