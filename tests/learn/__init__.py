"""Tests of labeler.learn, and papers made up for them."""
