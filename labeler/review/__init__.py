"""Judged papers that a person judges once more: which, what was said of them, and what became of the verdicts."""

from labeler.judgements.judgement import REVIEWS as KINDS

__all__ = ["KINDS"]
