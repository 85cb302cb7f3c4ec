"""Mutation fuzzing of all readers of digests: files that are nearly right, and what may never come of them."""
