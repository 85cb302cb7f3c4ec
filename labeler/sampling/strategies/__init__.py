"""One strategy a module."""
