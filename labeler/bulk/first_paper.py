"""A look at what is to be labelled, before anything is: whether there are papers in it."""

from __future__ import annotations

from labeler.bulk.inputs import Input
from labeler.bulk.parts import Partition
from labeler.bulk.work import IS_EMPTY, read_batches
from labeler.digests import PaperStream, Source
from labeler.digests.reading import is_about
from labeler.digests.source import Refusal


def refusal_of(partition: Partition, format_name: str | None) -> Refusal | None:
    """Read up to the first paper of a partition, and return why there is none; None where there is one.

    None also stands for an input that has no paper and says nothing of it, as a list without entries.

    Raises:
        InputError: the papers cannot be read.
    """
    if partition.groups is not None:
        next(read_batches(partition, Input(partition.source, "")), None)
        return None
    source, first = Source(partition.source, is_found=True), None
    if source.is_empty:
        return Refusal(source.name, "", IS_EMPTY)
    for item in () if is_about(source) else PaperStream([source], format_name):
        if not isinstance(item, Refusal):
            return None
        first = first or item
    return first
