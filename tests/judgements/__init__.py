"""Tests of judgements: the log, corrections, labels, tables."""
