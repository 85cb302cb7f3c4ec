from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from labeler.digests import read_inputs
from labeler.digests.text_columns import TextColumns, note_on
from tests.conftest import Labeler
from tests.paths import SAMPLES

WORDS = "robots that walk over stones and sand"


@pytest.mark.parametrize(
    ("columns", "title", "abstract"),
    [
        (("headline", "summary"), "headline", "summary"),
        (("Überschrift", "Zusammenfassung"), "Überschrift", "Zusammenfassung"),
        (("Titre", "Résumé"), "Titre", "Résumé"),
        (("标题", "摘要"), "标题", "摘要"),
        (("Title", "Description"), "Title", "Description"),
        (("title", "text", "abstract"), "title", "abstract"),
        (("title", "content", "body"), "title", "content"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "parquet"])
def test_columns_of_many_names_are_read(
    tmp_path: Path, columns: tuple[str, ...], title: str, abstract: str, kind: str
) -> None:
    frame = pd.DataFrame([{name: f"{WORDS} {name}" for name in columns}])
    path = tmp_path / f"t.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_json(path, orient="records", lines=kind == "jsonl")
    (paper,) = read_inputs([str(path)]).papers
    assert (paper.title, paper.abstract) == (f"{WORDS} {title}", f"{WORDS} {abstract}")


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        (("title", "abstract", "notes"), None),
        (("title", "url"), None),
        (("TI", "AB", "notes"), None),
        (("name", "summary"), "x: no title, abstract from the column 'summary'; not used: 'name'. If one of these is"),
        (("title", "notes"), "x: title from the column 'title', no abstract; not used: 'notes'. If one of these is"),
        (("headline", "summary"), "x: title from the column 'headline', abstract from the column 'summary'"),
        (("title", "text"), "x: title from the column 'title', abstract from the column 'text'"),
    ],
)
def test_what_columns_were_taken_for_is_told_where_it_is_not_plain(columns: tuple[str, ...], note: str | None) -> None:
    told = note_on("x", columns, columns)
    assert told == note if note is None else (told or "").startswith(note)


def test_columns_of_codes_are_not_offered() -> None:
    columns = TextColumns("x")
    for number in range(200):
        columns.see({"title": "A title", "key": f"k{number}", "count": number, "empty": None})
    assert columns.note() is None


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        *product(["read", "table", "bulk"], ["csv", "parquet"]),  # those that read tables in ways of their own
        *product(["label", "explain", "unread", "import", "export"], ["csv"]),
    ],
)
def test_every_command_tells_a_missing_title(trained: Path, labeler: Labeler, command: str, kind: str) -> None:
    frame = pd.DataFrame(
        [{"name": f"{WORDS} {n}", "abstract": f"{WORDS} and more {n}", "area": "llm"} for n in range(3)]
    )
    path = trained / f"t.{kind}"
    frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path)
    commands = {
        "unread": ("train", "--unread", path),
        "table": ("train", "--table", path, "--topics-column", "area"),
        "import": ("import", path, "--topics-column", "area"),
        "bulk": ("label", path, "-o", "many/", "--to", "parquet"),
        "export": ("export", path, "-o", "tasks.json"),
    }
    outcome = labeler(*commands.get(command, (command, path)))
    assert outcome.code == 0, outcome.err
    assert f"t.{kind}: no title, abstract from the column 'abstract'; not used: 'name'" in outcome.err


def test_papers_inside_others_are_not_told(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(json.dumps({"paper": {"title": WORDS, "summary": WORDS}, "note": WORDS}) + "\n")
    assert read_inputs([str(path)]).notes == []


def test_exports_of_label_studio_are_told_to_be_imported(tmp_path: Path) -> None:
    whole, rows = SAMPLES / "export.json", tmp_path / "rows.csv"
    rows.write_text("title,abstract,topics,annotator,annotation_id,lead_time\nA,of words,llm,1,7,3.5\n")
    for path in (whole, rows):
        (note,) = read_inputs([str(path)]).notes
        assert note == f"{path.name} is an export of Label Studio; `labeler import` brings its judgements in"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "parquet"])
@pytest.mark.parametrize(
    ("summaries", "told"),
    [
        (("", WORDS), "'summary' or, where that is empty, 'body'"),
        (("N/A", WORDS), "'summary' or, where that is empty, 'body'"),
        (("No abstract available", WORDS), "'summary' or, where that is empty, 'body'"),
        (("", ""), "'body'"),
        ((WORDS, WORDS), "'summary'"),
    ],
)
def test_a_column_that_stands_in_for_an_empty_one_is_told_and_not_called_unused(
    tmp_path: Path, kind: str, summaries: tuple[str, str], told: str
) -> None:
    frame = pd.DataFrame({"headline": ["Robots", "Birds"], "summary": summaries, "body": ["1 two three", "4 five six"]})
    path = tmp_path / f"t.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_json(path, orient="records", lines=kind == "jsonl")
    reading = read_inputs([str(path)])
    assert [note for note in reading.notes if "column" in note] == [
        f"t.{kind}: title from the column 'headline', abstract from the column {told}"
    ]
    assert all(paper.abstract for paper in reading.papers)


def test_columns_that_may_stand_in_for_another_are_not_called_unused() -> None:
    columns = ("headline", "summary", "body")
    assert note_on("x", columns, columns) == "x: title from the column 'headline', abstract from the column 'summary'"


@pytest.mark.parametrize("text", ["12345", "True", "https://example.org/a", "x"])
@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_word_alone_is_no_abstract_where_the_name_means_anything(
    tmp_path: Path, trained: Path, labeler: Labeler, text: str, kind: str
) -> None:
    frame = pd.DataFrame([{"title": WORDS, "text": text}, {"title": f"{WORDS} again", "text": WORDS}])
    path = trained / f"t.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_json(path, orient="records", lines=True)
    assert [paper.abstract for paper in read_inputs([str(path)]).papers] == ["", WORDS]
    assert labeler("label", path, "-o", f"{kind}/", "--to", "jsonl").code == 0
    (labelled,) = (trained / kind).glob("part*")
    page = labeler("label", path, "--to", "jsonl").out.splitlines()
    scores = [[json.loads(line)["scores"] for line in lines] for lines in (page, labelled.read_text().splitlines())]
    assert scores[0] == scores[1]


def test_venues_and_keywords_are_no_texts_that_could_be_abstracts(tmp_path: Path) -> None:
    venue = "Proceedings of the ninth international conference on the sorting of papers by small teams of people"
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"title": "A title", "venue": venue, "keywords": venue}))
    assert read_inputs([str(path)]).notes == []
