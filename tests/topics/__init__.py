"""Tests of the topic scheme and its faults."""
