"""Judged papers that a person judges once more: which, what was said of them, and what became of the verdicts."""

KINDS = ("ties", "suspects", "unsure", "disagreements")  # of papers that are judged once more
