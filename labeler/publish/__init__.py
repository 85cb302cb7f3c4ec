"""Labelled papers for people and programs: one writer an output, found by a registry."""
