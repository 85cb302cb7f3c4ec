"""What people have said of the papers of a batch of columns."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from labeler.digests.fields import identifier_fields, identifiers_in, paper_of
from labeler.papers import Paper
from labeler.papers.ids import text_id, title_id

if TYPE_CHECKING:
    import pyarrow as pa

    from labeler.judgements.verdicts import Verdict, Verdicts


def judged_rows(batch: pa.RecordBatch, papers: Sequence[tuple[str, str]], verdicts: Verdicts) -> dict[int, Verdict]:
    """The verdicts on the papers of a batch, by their rows; ``papers`` are their titles and abstracts.

    Only rows that share an identifier with a judged paper are read as papers: that takes longer than labelling them.
    """
    names = identifier_fields(batch.schema.names)
    columns = [batch.column(name).to_pylist() for name in names]
    stated = zip(*columns, strict=True) if columns else ((),) * len(papers)
    known: dict[int, Paper] = {}
    for row, ((title, abstract), values) in enumerate(zip(papers, stated, strict=True)):
        identifiers = identifiers_in(dict(zip(names, values, strict=True)))
        identifiers.add(title_id(title))
        if not any(map(str.isalnum, title)):  # a paper without a title is known by its abstract
            identifiers.add(text_id(abstract))
        if verdicts.may_know(identifiers):
            with suppress(ValueError):  # it has neither a title nor an abstract
                known[row] = paper_of(batch.slice(row, 1).to_pylist()[0], "")
    return {row: verdict for row, verdict in zip(known, verdicts.of(list(known.values())), strict=True) if verdict}
