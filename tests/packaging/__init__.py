"""What is installed: the wheel in environments of its own, and what it brings along."""
