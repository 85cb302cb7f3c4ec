"""Where papers stand in JSON: no arrangement of papers loses one."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests.json_papers import groups_of, is_empty
from labeler.digests.python_literals import begins_python, parse_python
from tests.digests.factories import ABSTRACT, OTHER

PAPERS = [{"title": f"Paper number {n} of a pile", "abstract": f"{ABSTRACT} {n}"} for n in range(12)]
FRAME = pd.DataFrame(
    [
        {"title": "Sorting the papers of a day", "abstract": ABSTRACT},
        {"title": "Listening to bridges", "abstract": OTHER},
    ]
)


def _found(document: Any) -> list[Any]:
    groups, _ = groups_of(json.loads(json.dumps(document)))
    return [item for group in groups for item in group.items]


def _arranged(some: list[dict[str, str]]) -> st.SearchStrategy[Any]:
    """A document in which these papers stand, each once."""
    by_key = {f"2601.{number:05}": paper for number, paper in enumerate(some, start=1)}
    kinds: list[st.SearchStrategy[Any]] = [st.just(some), st.just({"papers": some, "count": 1}), st.just(by_key)]
    if len(some) > 1:
        halves = st.integers(1, len(some) - 1).flatmap(
            lambda cut: st.tuples(_arranged(some[:cut]), _arranged(some[cut:]))
        )
        kinds += [halves.map(list), halves.map(lambda two: {"cs.CL": two[0], "cs.CV": two[1], "date": "2026-01-12"})]
    return st.one_of(kinds)


@settings(deadline=None, max_examples=200)
@given(st.integers(1, len(PAPERS)).flatmap(lambda count: _arranged(PAPERS[:count]).map(lambda one: (count, one))))
def test_no_paper_is_lost_or_doubled(case: tuple[int, Any]) -> None:
    count, document = case
    assert sorted(item["title"] for item in _found(document)) == sorted(paper["title"] for paper in PAPERS[:count])


@pytest.mark.parametrize("orient", ["columns", "index", "records", "split", "table", "values"])
@pytest.mark.parametrize("printed", [False, True])
def test_every_orient_of_pandas_is_read(orient: str, printed: bool) -> None:
    document = json.loads(FRAME.to_json(orient=orient))  # type: ignore[call-overload]
    found = _found(parse_python(str(document)) if printed else document)
    assert [(item["title"], item["abstract"]) for item in found] == list(FRAME.itertuples(index=False, name=None))


@pytest.mark.parametrize("orient", ["dict", "list", "records", "split", "tight", "index"])
def test_dictionaries_of_pandas_are_read(orient: str) -> None:
    found = _found(json.loads(json.dumps(FRAME.to_dict(orient=orient))))  # type: ignore[call-overload]
    assert [item["title"] for item in found] == list(FRAME.title)


@pytest.mark.parametrize(
    "document",
    [
        {"feed": {"title": "A query of four words", "links": [{"title": "pdf"}]}, "entries": PAPERS[:2]},
        {"title": "Daily", "summary": "Two papers today.", "papers": PAPERS[:2]},
        [{"title": "Language", "papers": PAPERS[:1]}, {"title": "Vision", "papers": PAPERS[1:2]}],
        {"hits": {"hits": [{"_source": paper} for paper in PAPERS[:2]]}},
        {"data": {"papers": {"edges": [{"node": paper} for paper in PAPERS[:2]]}}},
        [{**PAPERS[0], "references": [{"title": "An older paper of four words"}]}, PAPERS[1]],
        [["title", "abstract"], *([paper["title"], paper["abstract"]] for paper in PAPERS[:2])],
    ],
)
def test_what_is_around_papers_is_none(document: Any) -> None:
    texts = json.dumps(_found(document))
    assert len(_found(document)) == 2
    assert PAPERS[0]["title"] in texts
    assert PAPERS[1]["title"] in texts


_TEXTS = st.text(max_size=6) | st.sampled_from(["A title", ABSTRACT])
_KEYS = st.text(max_size=4) | st.sampled_from(["title", "abstract", "papers", "data", "0"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None, max_examples=200)
@given(_VALUES)
def test_any_document_is_gone_through(document: Any) -> None:
    groups, passed = groups_of(document)
    assert all(group.items for group in [*groups, *passed])
    assert is_empty(document) in (True, False)


def test_printed_values_are_read_without_being_run() -> None:
    text = "[{'a': nan, 'b': Timestamp('2026-01-12'), 'c': datetime.date(2026, 1, 12), 'd': -1, 'e': (1, True)}]"
    assert begins_python(text)
    assert parse_python(text) == [{"a": None, "b": "2026-01-12", "c": "2026-01-12", "d": -1, "e": [1, True]}]
    for bad in ("{'a': 1 + 1}", "{'a'", "[" * 5000, "{'a': f'{x}'}"):
        with pytest.raises(ValueError, match="no printed dictionary"):
            parse_python(bad)
    assert not begins_python('{"a": 1}')
