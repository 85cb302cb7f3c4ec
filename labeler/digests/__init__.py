"""Digests: any file of papers, read by one small module a format, found by a registry."""

from labeler.digests.opening import open_sources
from labeler.digests.reading import PaperStream, Reading, read_digest, read_inputs
from labeler.digests.registry import FORMATS, reader_named
from labeler.digests.source import Source

__all__ = [
    "FORMATS",
    "PaperStream",
    "Reading",
    "Source",
    "open_sources",
    "read_digest",
    "read_inputs",
    "reader_named",
]
