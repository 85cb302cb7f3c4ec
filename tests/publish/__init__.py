"""Tests of the outputs of labelled papers."""
