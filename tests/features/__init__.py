"""Tests of labeler.features."""
