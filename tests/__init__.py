"""Tests of labeler."""
