"""Simulations: what each strategy of asking would have come to on the judgements there are."""
