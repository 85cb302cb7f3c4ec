"""Watching: digests that arrive are noticed, fixed as batches, and each step of publishing them is noted."""
