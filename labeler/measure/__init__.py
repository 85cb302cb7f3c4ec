"""Measuring: folds that keep a paper together, F1 with intervals, exact bounds on a share."""
