"""Public sources of papers."""
