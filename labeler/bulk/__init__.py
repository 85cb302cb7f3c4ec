"""Labelling of very many papers: in parts, column by column, in memory that does not grow."""
