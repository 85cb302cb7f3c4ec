"""Label Studio: the labelling interface, task files, and what comes back in exports."""
