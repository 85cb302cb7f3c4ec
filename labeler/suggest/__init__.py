"""What a model says of papers that a person is to judge, and which of them wait next."""
