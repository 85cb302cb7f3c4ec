"""The model that comes with labeler, and how it is made: this code is no part of what is installed."""
