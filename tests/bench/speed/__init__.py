"""Speed beside peers in the same run: the table of `make bench`."""
