"""Tests of labeler.mail."""
