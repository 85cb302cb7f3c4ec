"""Tags of reference managers that become judgements. All samples are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.judgements import JudgementLog
from labeler.judgements.tags import labels_of_tags
from labeler.papers import Paper
from labeler.topics import Mode
from tests.conftest import Labeler
from tests.judgements.factories import scheme

_TITLES = [
    "Sorting the papers of a day with few answers",
    "Listening to bridges from below the deck",
    "A third title here",
]
_RIS = f"""\
TY  - JOUR
TI  - {_TITLES[0]}
KW  - Language models; to read
KW  - VISION
N1  - Robots
ER  -
TY  - JOUR
TI  - {_TITLES[1]}
KW  - cooking
ER  -
TY  - JOUR
TI  - {_TITLES[2]}
ER  -
"""
_BIB = f"""\
@article{{a, title = {{{_TITLES[0]}}}, keywords = {{Language models, to read, VISION}}, annote = {{Robots}}}}
@article{{b, title = {{{_TITLES[1]}}}, keywords = {{cooking}}}}
@article{{c, title = {{{_TITLES[2]}}}}}
"""
_ENW = f"""\
%0 Journal Article
%T {_TITLES[0]}
%K Language models
to read
VISION
%Z Robots

%0 Journal Article
%T {_TITLES[1]}
%K cooking

%0 Journal Article
%T {_TITLES[2]}
"""
_ZOTERO = f"""\
"Key","Title","Abstract Note","Manual Tags","Automatic Tags","Notes"
"A","{_TITLES[0]}","","Language models; to read","VISION","<p>Robots</p>"
"B","{_TITLES[1]}","","cooking","",""
"C","{_TITLES[2]}","","","",""
"""


def _log(workspace: Path) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    read = JudgementLog(workspace / "annotations" / "judgements.jsonl").read()
    return [(judgement.title, judgement.yes, judgement.no) for judgement in read.judgements]


@pytest.fixture
def library(workspace: Path) -> Path:
    """A workspace of three topics, one with an alias."""
    (workspace / "annotations" / "topics.toml").write_text(
        'mode = "multi"\n'
        '[[topic]]\nid = "language"\nname = "Language models"\n'
        '[[topic]]\nid = "vision"\nname = "Images and video"\n'
        '[[topic]]\nid = "robotics"\nname = "Robotics"\naliases = ["robots"]\n',
        encoding="utf-8",
    )
    return workspace


@pytest.mark.parametrize(
    ("name", "content"), [("a.ris", _RIS), ("a.bib", _BIB), ("a.enw", _ENW), ("a.csv", _ZOTERO), ("a.txt", _RIS)]
)
def test_tags_that_are_topics_become_judgements(library: Path, labeler: Labeler, name: str, content: str) -> None:
    (library / name).write_text(content, encoding="utf-8")
    first, second = (labeler("import", name, "--topics-from", "keywords", "--json") for _ in range(2))
    assert first.code == 0, first.err
    counts = json.loads(first.out)
    assert (counts["added"], counts["not_judged"], counts["refused"]) == (1, 2, [])
    assert counts["unknown_labels"] == {"to read": 1, "cooking": 1}
    assert json.loads(second.out)["added"] == 0
    assert _log(library) == [(_TITLES[0], ("language", "vision"), ())]


def test_notes_and_keywords_together_and_a_complete_library(library: Path, labeler: Labeler) -> None:
    (library / "a.ris").write_text(_RIS, encoding="utf-8")
    both = ("--topics-from", "keywords", "--topics-from", "notes")
    assert labeler("import", "a.ris", *both, "--complete", "--annotator", "ann").code == 0
    assert _log(library) == [
        (_TITLES[0], ("language", "vision", "robotics"), ()),
        (_TITLES[1], (), ("language", "vision", "robotics")),
    ]


def test_tags_that_are_no_topics_are_named(library: Path, labeler: Labeler) -> None:
    (library / "a.ris").write_text(_RIS + "".join(f"TY  - JOUR\nTI  - Title {n}\nKW  - tag {n}\n" for n in range(20)))
    outcome = labeler("import", "a.ris", "--topics-from", "keywords")
    assert "'to read' (1), 'cooking' (1)" in " ".join(outcome.err.split())
    assert "and 12 more" in " ".join(outcome.err.split())


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--topics-from", "tags"), 2, "--topics-from takes keywords or notes, not 'tags'"),
        (("--topics-from", "notes"), 3, "no paper in a.ris has notes; try --topics-from keywords"),
        (("--topics-from", "keywords"), 3, "none of the labels in the 'keywords' is a topic of the scheme ('cooking'"),
        (("--topics-from", "notes", "--topics-column", "x"), 2, "not in both"),
        (("--topics-from", "notes", "--control", "x"), 2, "--control and --text-field for Label Studio"),
        ((), 3, "for tags --topics-from keywords"),
    ],
)
def test_what_cannot_be_taken_from_tags_is_told(
    library: Path, labeler: Labeler, options: tuple[str, ...], code: int, told: str
) -> None:
    (library / "a.ris").write_text("TY  - JOUR\nTI  - A title\nKW  - cooking\nER  -\n", encoding="utf-8")
    outcome = labeler("import", "a.ris", *options)
    assert (outcome.code, outcome.out) == (code, "")
    assert told in " ".join(outcome.err.split())
    assert not _log(library)


@given(st.lists(st.text(max_size=12), max_size=4), st.lists(st.text(max_size=12), max_size=4))
def test_any_tags_give_labels_each_once(keywords: list[str], notes: list[str]) -> None:
    paper = Paper.make("A title", keywords=tuple(keywords), notes=tuple(notes))
    labels = labels_of_tags(paper, ("keywords", "notes"), scheme())
    assert (labels is None) == (not keywords and not notes)
    assert labels is None or len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("note", "labels"),
    [
        ("Topic: robots", ["robots"]),
        (
            "RAYYAN-INCLUSION: Included | RAYYAN-LABELS: robots,vision",
            ["RAYYAN-INCLUSION: Included", "robots", "vision"],
        ),
        ("See: the third table", ["See: the third table"]),
        ("language, robots", ["language", "robots"]),
    ],
)
def test_a_note_may_name_what_it_holds(note: str, labels: list[str]) -> None:
    topics = scheme(Mode.MULTI, "robots", "vision", "language")
    assert labels_of_tags(Paper.make("A title", notes=(note,)), ("notes",), topics) == labels
