"""Exact confidence bounds on a proportion (C. Clopper and E. Pearson, 1934)."""

from __future__ import annotations


def lower_bound(right: float, total: float, confidence: float = 0.9) -> float:
    """The one-sided lower confidence bound on a proportion, of which ``right`` of ``total`` trials were successes.

    Both may be effective numbers, which are no whole ones.
    """
    from scipy.special import betaincinv

    return 0.0 if right == 0 else float(betaincinv(right, total - right + 1, 1.0 - confidence))


def upper_bound(wrong: float, total: float, confidence: float = 0.9) -> float:
    """The one-sided upper confidence bound on a proportion, of which ``wrong`` of ``total`` trials were successes."""
    return 1.0 - lower_bound(total - wrong, total, confidence) if total else 1.0
