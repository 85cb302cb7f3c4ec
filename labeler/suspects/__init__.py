"""Judgements that are probably slips."""
