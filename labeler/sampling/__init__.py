"""Sampling for annotation (active learning): which papers, judged next, teach a model most."""
