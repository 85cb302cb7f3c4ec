"""A trained model as arrays, without scikit-learn: scores, probabilities, decisions, and the words behind them."""
