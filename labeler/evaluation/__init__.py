"""How good a model version is."""
