"""The digest by mail: settings and subscribers, messages, sending, and the log of what was sent to whom."""
