"""The index finds the judgements that a reading of the whole log finds, and is used for that log alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.errors import InputError
from labeler.files import json_line
from labeler.judgements import Judgement
from labeler.judgements import index as index_module
from labeler.judgements.index import INDEX, LogIndex, key_of
from tests.judgements.factories import judgement, row, written


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of three judgements whose index is kept, although it is short and has just been written."""
    monkeypatch.setattr(index_module, "_WORTH_KEEPING", 1)
    monkeypatch.setattr(index_module, "_RACY", -1.0)
    said = [judgement("llm", number=n, title=f"Paper {n}", ids=[f"arxiv:2503.0000{n}"]) for n in range(3)]
    return written(tmp_path / "judgements.jsonl", said)


def found(log: Path, *ids: str) -> list[str]:
    """The titles of the judgements with one of the identifiers, by an index that is kept beside the log."""
    return sorted(said.title for said in LogIndex(log, lambda: log.parent).judgements_of(ids))


def test_an_index_is_kept_and_used_as_long_as_the_log_stays(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(kept, "arxiv:2503.00001") == ["Paper 1"]
    before = (kept.parent / INDEX).read_bytes()
    monkeypatch.setattr(index_module, "_indexed", lambda _: pytest.fail("the log was read again"))
    assert found(kept, "arxiv:2503.00002", "arxiv:2503.00009") == ["Paper 2"]
    assert (kept.parent / INDEX).read_bytes() == before


def test_an_index_of_another_state_of_the_log_is_not_used(kept: Path) -> None:
    assert found(kept, "arxiv:2503.00007") == []
    stat = kept.stat()
    text = kept.read_text().replace("2503.00001", "2503.00007")
    kept.write_text(text)
    os.utime(kept, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert kept.stat().st_size == stat.st_size
    assert found(kept, "arxiv:2503.00007") == ["Paper 1"]
    written(kept, [row("vision", title="Paper 8", ids=["arxiv:2503.00008"])])
    assert found(kept, "arxiv:2503.00008") == ["Paper 8"]
    other = kept.with_name("other.jsonl")
    other.write_text(text.replace("2503.00007", "2503.00009"))
    other.replace(kept)
    assert found(kept, "arxiv:2503.00008") == []
    assert found(kept, "arxiv:2503.00009") == ["Paper 1"]


@pytest.mark.parametrize("harm", [lambda _: b"", lambda data: data[:-9], lambda data: data[:-4] + b"\1\2\3\4"])
def test_a_damaged_index_is_made_again(kept: Path, harm: object) -> None:
    assert found(kept, "arxiv:2503.00001") == ["Paper 1"]
    path = kept.parent / INDEX
    whole = path.read_bytes()
    path.write_bytes(harm(whole))  # type: ignore[operator]
    assert found(kept, "arxiv:2503.00001") == ["Paper 1"]
    assert path.read_bytes() == whole


def test_an_index_of_a_log_that_was_just_written_is_not_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "_RACY", 1e6)
    assert found(kept, "arxiv:2503.00001") == ["Paper 1"]
    assert not (kept.parent / INDEX).exists()


def test_without_a_place_for_the_index_the_log_is_read(kept: Path) -> None:
    def nowhere() -> Path:
        raise InputError("cannot write .labeler", "check its permissions")

    assert len(LogIndex(kept, nowhere).judgements_of(["arxiv:2503.00001"])) == 1


def test_all_versions_of_a_judgement_are_found(tmp_path: Path) -> None:
    old = judgement("llm", ids=["arxiv:2503.00001"])
    new = judgement("vision", title="Another title", ids=["doi:10.1000/x"], at="2026-03-02").superseding(old.id)
    other = judgement("speech", number=2, title="Rails", ids=["arxiv:2503.00002"])
    index = LogIndex(written(tmp_path / "log", [old, new, other]))
    for identifier in ("arxiv:2503.00001", "doi:10.1000/x", old.paper):
        assert {said.id for said in index.judgements_of([identifier])} == {old.id, new.id}
    assert index.judgements_of(["arxiv:2503.00009"]) == []
    assert index.judgements_of([]) == []
    assert key_of("arxiv:2503.00001") in index.keys.tolist()


def test_an_empty_log_has_no_key_and_one_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    assert not LogIndex(tmp_path / "log")
    with pytest.raises(FileNotFoundError):
        LogIndex(tmp_path / "none")


IDENTIFIERS = st.sampled_from(["arxiv:2503.00001", "doi:10.1000/[x]", 'doi:10.1000/"', "pmid:7", "doi:10.1000/é\\"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sets(IDENTIFIERS, max_size=2), st.booleans()), max_size=6), IDENTIFIERS)
def test_whatever_the_identifiers_hold_they_are_found(
    tmp_path: Path, said: Sequence[tuple[set[str], bool]], asked: str
) -> None:
    judgements: list[Judgement] = []
    for number, (ids, corrects) in enumerate(said):
        new = judgement("llm", number=number, title=f"Paper {number}", ids=sorted(ids))
        judgements.append(new.superseding(judgements[-1].id) if corrects and judgements else new)
    log = tmp_path / "log"
    log.write_text("".join(json_line(one.to_dict()) + "\n" for one in judgements), encoding="utf-8")
    wanted, grown = {asked}, True  # what is known under the identifier, and under those of what is found
    while grown:
        joined = [one for one in judgements if wanted & {one.paper, *one.ids, one.id, one.supersedes}]
        more = wanted.union(*({one.paper, *one.ids, one.id, one.supersedes or one.id} for one in joined))
        wanted, grown = more, more != wanted
    assert {one.id for one in LogIndex(log).judgements_of([asked])} == {one.id for one in joined}
