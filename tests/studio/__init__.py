"""Tests of what goes to Label Studio and what comes back."""
