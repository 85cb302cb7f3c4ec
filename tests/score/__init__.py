"""Tests of labeler.score."""
