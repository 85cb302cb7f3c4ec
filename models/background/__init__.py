"""The code that learns the background that comes with labeler, which is not installed."""
