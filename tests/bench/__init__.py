"""Benchmarks: ratios and differences against peers, measured in the same run."""
