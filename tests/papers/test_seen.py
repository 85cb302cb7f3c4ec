"""Repeated papers of a stream are those that a merger merges."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.papers import Merger, Paper
from labeler.papers import seen as seen_module
from labeler.papers.seen import SeenPapers, shared_notes
from tests.papers.test_merge import LONG, OTHER

_TEXTS = st.sampled_from(
    [("Robots on Wet Sand", LONG), ("Robots on Sand", LONG[30:]), ("Rare Languages", OTHER), ("Rare languages!", OTHER)]
)
_RECORDS = st.lists(
    st.builds(
        lambda text, names: Paper.make(*text, ids=names),
        _TEXTS,
        st.sets(st.sampled_from(["doi:10.1000/x", "arxiv:2503.00001"]), min_size=1, max_size=1),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(_RECORDS)
def test_a_stream_and_a_merger_agree(records: list[Paper]) -> None:
    seen, merger = SeenPapers(), Merger()
    found = [seen.add(record) for record in records]
    for record in records:
        merger.add(record)
    assert sum(found) >= len(merger.papers())
    if all(record.ids[0] == records[0].ids[0] for record in records):
        assert sum(found) == len(merger.papers())
        assert dict(seen.shared) == merger.shared()


def test_after_very_many_papers_an_identifier_is_one_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_module, "_MOST_KEPT", 1)
    seen = SeenPapers()
    chapters = [Paper.make(*text, ids=["doi:10.1000/x"]) for text in (("Sand", LONG), ("Languages", OTHER))]
    assert [seen.add(chapter) for chapter in chapters] == [True, True]
    late = [Paper.make(*text, ids=["doi:10.1000/y"]) for text in (("Dunes", LONG + " x"), ("Words", OTHER + " x"))]
    assert [seen.add(chapter) for chapter in late] == [True, False]
    (note,) = shared_notes(dict(seen.shared))
    assert note.startswith("2 different papers have doi:10.1000/x, and stay apart")
