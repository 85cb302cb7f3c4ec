"""Learning curves: how a figure grows with the number of judged papers, and what more of them would bring."""
