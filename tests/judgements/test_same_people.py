from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labeler.config import Workspace, find_workspace
from labeler.errors import InputError
from labeler.judgements import labels_of, read_log
from labeler.judgements.same_people import names_of_people, with_names
from labeler.judgements.verdicts import Verdicts
from tests.judgements.factories import judgement, scheme, written


def of(section: Any) -> dict[str, str]:
    return names_of_people(Workspace(Path("here"), sections={"annotators": section}))


def test_each_other_name_leads_to_the_person() -> None:
    assert of({"ada@example.org": ["ada", " 7 "], "bo": []}) == {"ada": "ada@example.org", "7": "ada@example.org"}
    assert names_of_people(Workspace(Path("here"))) == {}


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("ada", "is no table"),
        ({"ada": "7"}, "ada is no list of names"),
        ({"ada": [7]}, "ada is no list of names"),
        ({"ada": [" "]}, "a name of 'ada' is empty"),
        ({"": ["ada"]}, "a name of '' is empty"),
        ({"ada": ["7"], "bo": ["7"]}, "'7' is two people"),
        ({"ada": ["bo"], "bo": ["7"]}, "'bo' is two people"),
    ],
)
def test_what_is_no_such_table_is_told(section: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        of(section)


def test_ids_stay_as_they_are() -> None:
    one = judgement("llm", annotator="7")
    (joined,) = with_names([one], {"7": "ada"})
    assert (joined.annotator, joined.id) == ("ada", one.id)


def test_a_person_under_two_names_has_one_vote(workspace: Path) -> None:
    log = [
        judgement("llm", number=1, annotator="ada"),
        judgement("vision", number=2, annotator="7", at="2026-03-02T10:00:00Z"),
        judgement("vision", number=3, annotator="bo"),
    ]
    written(workspace / "annotations" / "judgements.jsonl", log)
    apart = find_workspace(str(workspace))
    (before,) = labels_of(read_log(apart).judgements, scheme()).papers
    assert before.by == {"vision": ("7", "bo")}
    with (workspace / "labeler.toml").open("a") as stream:
        stream.write('\n[annotators]\nada = ["7"]\n')
    joined = find_workspace(str(workspace))
    (after,) = labels_of(read_log(joined).judgements, scheme()).papers
    assert after.by == {"vision": ("ada", "bo")}
    verdicts = Verdicts(joined.judgements, scheme(), people=names_of_people(joined))
    (verdict,) = verdicts.of([log[0].as_paper()])
    assert verdict is not None
    assert verdict.yes == {"vision": ("ada", "bo")}
