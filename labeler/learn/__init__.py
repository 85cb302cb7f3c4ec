"""Learning: the topic classifier and the steps it is made of."""
