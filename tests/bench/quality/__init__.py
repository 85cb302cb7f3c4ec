"""How right the topics are, beside peers that learn from the same papers in the same run."""
