"""Learning: the topic classifier and the steps of its training."""
