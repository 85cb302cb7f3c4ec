from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from labeler.config import find_workspace
from labeler.errors import InputError, UsageError
from labeler.flows import train as module
from labeler.flows.import_ import import_tables
from labeler.flows.train import Training, train
from labeler.judgements import JudgedPaper, Labels
from labeler.judgements.forgotten import Forgotten, Tombstone
from labeler.judgements.tables import JudgedTables, Tables, all_none_notes
from labeler.papers.ids import title_id
from labeler.topics import Mode, Scheme, load_scheme
from tests.flows.test_train import make_scheme
from tests.learn.factories import NEW, multi_papers, single_papers

TOPICS = ("robots", "speech", "vision")


@pytest.fixture(autouse=True)
def _nothing_known_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_TRAIN_BACKGROUND", "none")  # which is quick


def rows(mode: Mode = Mode.MULTI, each: int = 12) -> list[dict[str, Any]]:
    texts, topics = multi_papers(each) if mode == Mode.MULTI else single_papers(each, none=each)
    return [
        {"title": title, "abstract": abstract, "topics": (answer if mode == Mode.MULTI else answer or "none")}
        for (title, abstract), answer in zip((text.split("\n") for text in texts), topics, strict=True)
    ]


def write(path: Path, records: Sequence[dict[str, Any]]) -> str:
    if path.suffix == ".parquet":
        pd.DataFrame(records).to_parquet(path)
    elif path.suffix == ".csv":
        cells = [{**one, "topics": ";".join(one["topics"])} for one in records]
        pd.DataFrame(cells).to_csv(path, index=False)
    else:
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return str(path)


def scheme_of(workspace: Path, mode: Mode = Mode.MULTI) -> Scheme:
    make_scheme(workspace, mode, *TOPICS)
    return load_scheme(workspace / "annotations" / "topics.toml")


def read(
    scheme: Scheme, files: Sequence[str], complete: bool = True, known: Sequence[str] = ()
) -> tuple[list[JudgedPaper], JudgedTables]:
    tables = JudgedTables(Tables.of(files, "topics", complete), scheme, set(known))
    return list(tables), tables


def train_on(workspace: Path, files: Sequence[str], complete: bool = True, separator: str = "") -> Training:
    tables = Tables.of(files, "topics", complete, separator=separator)
    return train(find_workspace(str(workspace)), "mine", 0.9, (), tables)


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize("complete", [True, False])
def test_a_table_says_what_importing_it_would(workspace: Path, kind: str, complete: bool) -> None:
    scheme = scheme_of(workspace)
    file = write(workspace / f"table.{kind}", rows())
    found, tables = read(scheme, [file], complete)
    imported = import_tables(find_workspace(str(workspace)), [file], "topics", complete, dry_run=True)
    expected = [one for one in imported.incoming.judgements if one.yes or one.no]
    assert [(one.paper, set(one.yes), set(one.no)) for one in expected] == [
        (one.paper.id, set(one.yes), set(one.no)) for one in found
    ]
    assert tables.papers == len(expected)
    assert sum(tables.counts.values()) == sum(len(one.yes) for one in expected)
    assert tables.notes() == []


def test_a_folder_and_a_pattern_name_many_tables(workspace: Path) -> None:
    scheme = scheme_of(workspace)
    (workspace / "pile").mkdir()
    every = rows()
    for number in range(3):
        write(workspace / "pile" / f"{number}.parquet", every[number::3])
    for name in ("pile", "pile/*.parquet"):
        found, _ = read(scheme, [str(workspace / name)])
        assert len(found) == len(every)


def test_papers_that_come_again_or_are_known_are_skipped_and_counted(workspace: Path) -> None:
    scheme = scheme_of(workspace)
    every = rows()
    files = [write(workspace / "one.jsonl", every), write(workspace / "two.jsonl", every[:5])]
    found, tables = read(scheme, files, known=[found_id(scheme, workspace, every[0])])
    assert len(found) == len(every) - 1
    assert tables.repeated == 6
    assert "judged before" in " ".join(tables.notes())


def found_id(scheme: Scheme, workspace: Path, row: dict[str, Any]) -> str:
    [one], _ = read(scheme, [write(workspace / "single.jsonl", [row])])
    return one.paper.id


def test_rows_and_labels_of_no_use_are_counted_and_reported(workspace: Path) -> None:
    scheme = scheme_of(workspace)
    odd = [{"title": "", "abstract": "", "topics": ["robots"]}, {"title": "a gripper", "topics": ["music", "robots"]}]
    found, tables = read(scheme, [write(workspace / "table.jsonl", odd)])
    assert [set(one.yes) for one in found] == [{"robots"}]
    notes = " ".join(tables.notes())
    assert "1 row of" in notes
    assert "'music' (1)" in notes


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([{"title": "a", "label": "robots"}] * 200, "no column 'topics', only: title, label"),
        ([{"title": "a", "label": "robots"}] * 2, "no column 'topics'"),
    ],
)
def test_a_table_without_the_column_is_an_error(workspace: Path, records: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(scheme_of(workspace), [write(workspace / "table.jsonl", records)])


def test_a_table_of_other_labels_is_an_error_that_names_them(workspace: Path) -> None:
    scheme_of(workspace)
    other = [{**row, "topics": ["music", "dance"]} for row in rows()]
    with pytest.raises(InputError, match=r"none of the labels in column 'topics' .*'music', 'dance'"):
        train_on(workspace, [write(workspace / "table.jsonl", other)])


def test_a_table_whose_format_cannot_be_guessed_is_read_in_the_one_that_is_named(workspace: Path) -> None:
    scheme, file = scheme_of(workspace), Path(write(workspace / "table.jsonl", rows()))
    file.write_text(f"This is no paper\n{file.read_text()}")
    with pytest.raises(InputError, match="--format"):
        read(scheme, [str(file)])
    tables = JudgedTables(Tables.of([str(file)], "topics", True, "jsonl"), scheme, set())
    found = list(tables)
    assert len(found) == len(read(scheme, [write(workspace / "plain.jsonl", rows())])[0]) > 0
    assert tables.refused == 1


def test_a_table_that_is_not_there_is_an_error(workspace: Path) -> None:
    scheme_of(workspace)
    with pytest.raises(InputError, match="nowhere"):
        train_on(workspace, [str(workspace / "nowhere.parquet")])
    with pytest.raises(InputError, match="nothing-here"):
        Tables.of([str(workspace / "nothing-here" / "*.parquet")], "topics", True)
    with pytest.raises(UsageError, match="standard input"):
        Tables.of(["-"], "topics", True)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
@pytest.mark.parametrize("many", [True, False])
def test_a_model_is_learned_from_tables_and_the_log(
    workspace: Path, mode: Mode, many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if many:
        monkeypatch.setattr("labeler.learn.classifier.MAX_IN_MEMORY", 30)
    scheme_of(workspace, mode)
    every = rows(mode, 60)
    logged = write(workspace / "logged.jsonl", every[::4])
    import_tables(find_workspace(str(workspace)), [logged], "topics", True)
    table = write(workspace / "table.parquet" if mode == Mode.MULTI else workspace / "table.jsonl", every)
    training = train_on(workspace, [table])
    manifest = training.version.manifest.to_dict()
    assert manifest["papers"]["labelled"] == len(every)
    assert sum(manifest["counts"].values()) == sum(
        len(one["topics"]) if mode == Mode.MULTI else one["topics"] != "none" for one in every
    )
    assert manifest["parameters"]["recipe"].startswith("terms, hinge") == many
    from labeler import load_model

    model = load_model(training.version.folder)
    assert all(model.has_learned_from([title_id(one["title"])]) for one in every)
    assert not model.has_learned_from([title_id("A paper that nobody has judged")])
    assert model.predict_proba(NEW[:3]).argmax(axis=1).tolist() == [0, 1, 2]
    assert any("judged before" in note for note in training.notes)


def test_the_same_tables_again_make_no_version_and_others_do(workspace: Path) -> None:
    scheme_of(workspace)
    table = write(workspace / "table.jsonl", rows())
    assert train_on(workspace, [table]).fresh
    assert not train_on(workspace, [table]).fresh
    assert train_on(workspace, [table], complete=False).fresh
    assert train_on(workspace, [table], separator="/").fresh
    assert not train_on(workspace, [table], separator="/").fresh
    write(workspace / "table.jsonl", rows()[1:])
    assert train_on(workspace, [table]).fresh


def test_nothing_is_kept_of_a_training_that_failed(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "report", lambda *_: 1 / 0)
    scheme_of(workspace)
    with pytest.raises(ZeroDivisionError):
        train_on(workspace, [write(workspace / "table.jsonl", rows())])
    assert not list((workspace / "models").glob("mine*"))


@pytest.mark.slow
def test_a_training_without_the_tables_of_the_one_before_says_so(workspace: Path) -> None:
    scheme_of(workspace)
    import_tables(find_workspace(str(workspace)), [write(workspace / "logged.jsonl", rows())], "topics", True)
    train_on(workspace, [write(workspace / "table.jsonl", rows(each=20))])
    plain = train(find_workspace(str(workspace)), "mine", 0.9)
    assert any("had learned from tables, too (table.jsonl)" in note for note in plain.notes)


def test_an_empty_table_among_others_is_told_and_passed_over(workspace: Path, tmp_path: Path) -> None:
    scheme = scheme_of(workspace)
    folder = tmp_path / "pile"
    folder.mkdir()
    write(folder / "a.jsonl", rows())
    (folder / "b.csv").write_text("\n")
    papers, tables = read(scheme, [str(folder)])
    assert (len(papers), tables.notes()) == (len(rows()), ["b.csv is empty and was passed over"])
    with pytest.raises(InputError, match=r"b\.csv is empty"):
        read(scheme, [str(folder / "b.csv")])
    with pytest.raises(InputError, match=r"there is .*a\.jsonl"):
        Tables.of([str(folder / "*.jsnol")], "topics", True)


@pytest.mark.parametrize(
    ("keywords", "told"), [(False, "by name and definition alone"), (True, "by name, definition and keywords alone")]
)
def test_where_no_paper_is_of_a_topic_it_is_told_what_topics_are_known_by(keywords: bool, told: str) -> None:
    tables = JudgedTables(None, Scheme(Mode.MULTI, ()), set())
    assert all_none_notes(Labels(), tables, keywords) == []
    tables.papers = 3
    (note,) = all_none_notes(Labels(), tables, keywords)
    assert note.startswith("none of 3 judged papers is of a topic: ")
    assert f"knows topics {told}, and" in note


def test_papers_and_people_that_were_forgotten_are_left_out(workspace: Path) -> None:
    scheme = scheme_of(workspace)
    records = [row | {"annotator": "ada" if number % 2 else "bo"} for number, row in enumerate(rows())]
    tables = Tables((write(workspace / "table.jsonl", records),), "topics", complete=True)
    first = list(JudgedTables(tables, scheme, frozenset()))
    stones = [Tombstone.of_paper([first[0].paper], "2026-03-01T10:00:00Z", 0)]
    found = JudgedTables(tables, scheme, frozenset(), Forgotten(stones))
    assert [item.paper for item in found] == [item.paper for item in first[1:]]
    assert title_id(first[0].paper.title) not in {item.paper.id for item in found}
    stones.append(Tombstone.of_annotator(["Ada"], "2026-03-01T10:00:00Z", 0))
    by_bo = [item.paper.title for item in JudgedTables(tables, scheme, frozenset(), Forgotten(stones))]
    assert by_bo == [
        row["title"] for row in records if row["annotator"] == "bo" and row["title"] != first[0].paper.title
    ]
