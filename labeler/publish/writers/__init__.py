"""One writer an output."""
