"""Inputs as people really bring them (``../shared/cases``; ``INDEX.md`` there says where each was seen)."""
