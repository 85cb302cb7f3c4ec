"""Tests of the flows behind the commands."""
