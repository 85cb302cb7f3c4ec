"""Tests of papers: identifiers, clean text, dates, and when two records are one."""
