"""The steps of each command in order. Nothing here prints."""
