"""One addition of each kind to labeler."""
