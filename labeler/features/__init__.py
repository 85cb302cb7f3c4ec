"""From text to numbers: tokens, terms (word n-grams), TF-IDF, and the space in which papers are compared."""
