"""The model that comes with labeler, and the code that builds it, which is not installed."""
