"""From text to numbers: terms, and TF-IDF over them."""
