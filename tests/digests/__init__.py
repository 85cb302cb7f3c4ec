"""Tests of the readers of digests."""
