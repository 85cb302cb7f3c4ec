"""Suggestions of a model for papers that a person is to judge, and the order in which these are queued."""
