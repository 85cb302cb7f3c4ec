"""Labelling of very many papers: in partitions, column by column, in constant memory."""
