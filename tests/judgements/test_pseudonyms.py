"""Pseudonyms: the same person has the same one in everything that leaves a workspace, and nobody's name is in it."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.config import Workspace, find_workspace
from labeler.errors import InputError, NotFoundError
from labeler.files import canonical_json
from labeler.judgements import read_log
from labeler.judgements.pseudonyms import FILE, Pseudonyms, are_wanted, names_shown, pseudonyms_wanted
from labeler.judgements.same_people import name_shown
from tests.judgements.factories import judgement, written

SECRET, OTHER = "0f" * 32, "f0" * 32


@given(st.text(), st.text())
def test_one_name_has_one_pseudonym_and_two_have_two(one: str, other: str) -> None:
    names = Pseudonyms({}, SECRET)
    assert names[one] == Pseudonyms({"x": "y"}, SECRET)[one] != Pseudonyms({}, OTHER)[one]
    assert (names[one] == names[other]) == (one == other) or not (one + other).isprintable()
    assert len(name_shown(one, names)) == len("person-") + 8
    assert one in names


def test_a_person_with_several_names_has_one() -> None:
    names = Pseudonyms({"7": "ada@example.org", "ada": "ada@example.org"}, SECRET)
    assert names["7"] == names["ada"] == names["ada@example.org"] != names["bo"]


def test_they_go_to_other_processes_and_are_told_from_names() -> None:
    names = Pseudonyms({"7": "ada"}, SECRET)
    again = pickle.loads(pickle.dumps(names))
    assert (again["7"], again["bo"]) == (names["7"], names["bo"])
    assert "ada" not in canonical_json(names)
    assert canonical_json(names) != canonical_json(Pseudonyms({"7": "ada"}, OTHER))


def test_the_log_is_read_with_them_where_they_are_wanted(workspace: Path) -> None:
    (workspace / "labeler.toml").write_text('[annotators]\n"ada@example.org" = ["ada"]\n')
    people = ("ada", "ada@example.org", "bo")
    written(
        workspace / "annotations/judgements.jsonl",
        [judgement("llm", number=n, annotator=one) for n, one in enumerate(people)],
    )
    here = find_workspace(str(workspace))
    assert [one.annotator for one in read_log(here).judgements] == ["ada@example.org", "ada@example.org", "bo"]
    assert not (workspace / ".labeler").exists()
    with pseudonyms_wanted():
        assert are_wanted()
        first, second, third = (one.annotator for one in read_log(here).judgements)
        assert first == second != third
        assert (first, third) == tuple(name_shown(name, names_shown(here)) for name in ("ada", "bo"))
    assert not are_wanted()
    secret = workspace / ".labeler" / FILE
    assert secret.stat().st_mode & 0o777 == 0o600
    secret.write_text("damaged")
    with pseudonyms_wanted(), pytest.raises(InputError, match="is damaged"):
        names_shown(here)


def test_without_a_workspace_there_is_no_secret() -> None:
    assert names_shown(None) == {}
    with pseudonyms_wanted(), pytest.raises(NotFoundError, match="need a workspace"):
        names_shown(None)
    assert names_shown(Workspace(Path("here"))) == {}
