"""What docs/coming_from says of files of other programs is so; the files are invented, in forms that these write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Labeler
from tests.paths import ROOT

PAGES = ROOT / "docs" / "coming_from"
PRODIGY = """\
{"text":"Robots that fold towels. An invented abstract.","label":"robotics","answer":"accept","_input_hash":1}
{"text":"A parser of old letters. An invented abstract.","label":"robotics","answer":"reject","_input_hash":3}
{"text":"Something else. An invented abstract.","label":"robotics","answer":"ignore","_input_hash":5}
"""
PRODIGY_CHOICES = "".join(
    f'{{"text":"{text} Invented.","options":[{{"id":"robotics"}},{{"id":"vision"}}],"accept":{chosen},"answer":'
    f'"accept","_annotator_id":"{who}"}}\n'
    for text, chosen, who in (("Robots that fold.", '["robotics"]', "ada"), ("A parser of letters.", "[]", "ben"))
)
ANNIF = """\
text,subject_uris
Robots that fold towels. Invented.,<http://example.org/robotics>
A parser of old letters. Invented.,<http://example.org/language> <http://example.org/robotics>
"""
ASREVIEW = """\
title,abstract,doi,asreview_label,asreview_time,asreview_note
Robots that fold towels,An invented abstract about cloth.,10.1234/a,1,2,
A parser of old letters,An invented abstract about language.,10.1234/b,0,1,
Nobody has read this,An invented abstract about nothing.,10.1234/c,,,
"""


def python_of(page: str) -> str:
    (code,) = re.findall(r"```python\n(.*?)```", (PAGES / page).read_text(encoding="utf-8"), re.DOTALL)
    return str(code)


def scheme_of(page: str) -> str:
    (toml,) = re.findall(r"```toml\n(.*?)```", (PAGES / page).read_text(encoding="utf-8"), re.DOTALL)
    return str(toml)


def scheme(*topics: str) -> str:
    uris = "".join(
        f'[[topic]]\nid = "{topic}"\nname = "{topic.title()}"\naliases = ["<http://example.org/{topic}>"]\n'
        for topic in topics
    )
    return f'mode = "multi"\n{uris}'


@pytest.fixture(autouse=True)
def topics(workspace: Path) -> Path:
    file = workspace / "annotations" / "topics.toml"
    file.write_text(scheme("robotics", "language", "vision"))
    return file


def imported(labeler: Labeler, *words: str) -> str:
    done = labeler("import", *words, "--dry-run")
    assert done.code == 0, done.err
    return " ".join(done.err.split())


def test_prodigy_with_a_label_a_line(labeler: Labeler) -> None:
    Path("papers.jsonl").write_text(PRODIGY)
    assert labeler("import", "papers.jsonl", "--topics-column", "label").code == 3
    Path("judged.jsonl").write_text(PRODIGY.replace('{"text":', '{"abstract":'))
    assert "on 2 papers (1 of no topic, 1 not judged)" in imported(labeler, "judged.jsonl", "--topics-column", "label")


def test_prodigy_with_choices(labeler: Labeler) -> None:
    Path("judged.jsonl").write_text(PRODIGY_CHOICES.replace('{"text":', '{"abstract":'))
    words = "judged.jsonl", "--topics-column", "accept", "--complete"
    assert "2 annotations of 1 annotator on 2 papers (1 of no topic)" in imported(labeler, *words)
    Path("judged.jsonl").write_text(Path("judged.jsonl").read_text().replace("_annotator_id", "annotator"))
    assert "2 annotations of 2 annotators" in imported(labeler, *words)


@pytest.mark.parametrize("tabs", [False, True])
def test_annif_with_another_head(labeler: Labeler, tabs: bool) -> None:
    text = ANNIF.replace(",<", "\t<").replace("text,", "abstract\t") if tabs else ANNIF.replace("text,", "abstract,")
    name = "papers.tsv" if tabs else "papers.csv"
    Path(name).write_text(text)
    said = imported(labeler, name, "--topics-column", "subject_uris", "--separator", " ", "--complete")
    assert said.startswith("2 annotations of 1 annotator on 2 papers:")
    Path("corpus.csv").write_text(ANNIF)
    assert "rename the columns" in labeler("read", "corpus.csv").err


def test_labels_of_a_vocabulary_become_topics(labeler: Labeler, topics: Path) -> None:
    assert labeler("topics", "add", "Music", "Old letters").code == 0
    assert 'name = "Old letters"' in topics.read_text()


def test_asreview_as_a_table(labeler: Labeler, topics: Path) -> None:
    topics.write_text(scheme_of("asreview.md"))
    Path("asreview.csv").write_text(ASREVIEW)
    said = imported(labeler, "asreview.csv", "--topics-column", "asreview_label")
    assert "on 2 papers (1 of no topic, 1 not judged)" in said
    Path("before.csv").write_text(ASREVIEW.replace("asreview_label", "included"))
    assert "on 2 papers (1 of no topic, 1 not judged)" in imported(labeler, "before.csv", "--topics-column", "included")


def test_asreview_as_ris_says_yes_alone(labeler: Labeler, topics: Path) -> None:
    topics.write_text(scheme_of("asreview.md").replace('"1"', '"ASReview_relevant"'))
    records = zip(("a", "b", "c"), ("relevant", "irrelevant", "not_seen"), strict=True)
    ris = (
        f"TY  - JOUR\nTI  - Title {one}\nAB  - Invented {one}.\nN1  - ASReview_{note}\nER  - \n"
        for one, note in records
    )
    Path("asreview.ris").write_text("\n".join(ris))
    said = imported(labeler, "asreview.ris", "--topics-from", "notes")
    assert said.startswith("1 annotation of 1 annotator on 1 paper (2 not judged)")


def test_soft_labels_of_another_program(labeler: Labeler) -> None:
    Path("suggestions.csv").write_text("title,abstract,topic,probability\nRobots fold,Invented.,Robotics,0.8\n")
    assert "Soft labels of annif (1 paper)" in imported(labeler, "--soft", "suggestions.csv", "--from", "annif")


@pytest.mark.slow
def test_the_example_in_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec(python_of("scikit_learn.md"), {})
    assert capsys.readouterr().out.splitlines() == ["['robotics']", "unchecked"]
