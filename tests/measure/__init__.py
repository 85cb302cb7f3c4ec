"""Tests of labeler.measure."""
