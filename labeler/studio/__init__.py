"""Label Studio: the labeling interface, task files, and what comes back in exports."""
