"""The REST interface: the work of `label` and `explain` for other programs, over HTTP."""
