"""Reading whole digests: accounts, merging, and the real files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from labeler import read_digest
from labeler.digests import PaperStream, read_inputs
from labeler.digests.reading import with_language
from labeler.digests.source import Refusal
from labeler.errors import InputError
from labeler.papers import Paper
from tests.conftest import Labeler
from tests.digests.factories import ABSTRACT, OTHER, lines, messages, page, read, saved, source, titles

# file, format, papers, merged, refused
_REAL = [
    ("arxiv_email/2026-01-23.txt", "arxiv_email", 5, 0, 0),
    ("arxiv_email/malformed.txt", "arxiv_email", 4, 1, 0),
    ("daily_repos/Fenyutanchan__2022-05-10.json", "json", 1, 0, 0),
    ("daily_repos/Fenyutanchan__2025-09-04.json", "json", 4, 0, 0),
    ("daily_repos/LeeMath-lzu__2026-06-12.jsonl", "jsonl", 7, 0, 0),
    ("daily_repos/Straw674__2025-12-10.jsonl", "jsonl", 69, 14, 0),
    ("daily_repos/UynajGI__2025-12-10.jsonl", "jsonl", 172, 39, 0),
    ("daily_repos/dw-dengwei__2025-06-06.jsonl", "jsonl", 276, 13, 0),
    ("daily_repos/dw-dengwei__2025-10-14_AI_enhanced_English.jsonl", "jsonl", 63, 0, 0),
    ("daily_repos/dw-dengwei__2025-11-03_AI_enhanced_Chinese.jsonl", "jsonl", 110, 0, 0),
    ("daily_repos/dw-dengwei__2026-03-09.jsonl", "jsonl", 232, 76, 0),
    ("daily_repos/qhduan__1603.09326.json", "json", 1, 0, 0),
    ("daily_repos/qhduan__2307.15931.json", "json", 1, 0, 0),
    ("daily_repos/qhduan__2307.15933.json", "json", 1, 0, 0),
    ("daily_repos/qhduan__2307.15934.json", "json", 1, 0, 0),
    ("daily_repos/shanxue-w__2025-06-10.jsonl", "jsonl", 284, 124, 0),
    ("daily_repos/xmkxabc__2025-08-08.jsonl", "jsonl", 878, 0, 0),
    ("daily_repos/yukari502__2025-12-10_AI_enhanced_Chinese.jsonl", "jsonl", 6, 0, 0),
    ("databases/colrev__10.17705_1cais.04607.json", "json", 1, 0, 0),
    ("databases/colrev__ieee_csv.csv", "table", 2, 0, 0),
    ("databases/colrev__pubmed-chatbot.csv", "table", 6, 0, 0),
    ("databases/colrev__pubmed_csv.csv", "table", 1, 0, 0),
    ("hf_daily_papers/hf_daily_papers_2026-06-12.json", "hf_daily", 30, 0, 0),
    ("hf_page/trending_page.txt", "page", 73, 0, 0),
    ("ris_csv_exports/duplicate_records.csv", "table", 9, 1, 4),
    ("ris_csv_exports/embase.csv", "table", 6, 0, 0),
    ("ris_csv_exports/generic.csv", "table", 2, 0, 0),
    ("ris_csv_exports/generic_bad_record_id.csv", "table", 2, 4, 0),
    ("ris_csv_exports/generic_column_names_with_spaces.csv", "table", 2, 0, 0),
    ("ris_csv_exports/generic_labels.csv", "table", 2, 4, 0),
    ("ris_csv_exports/generic_labels_no_abs.csv", "table", 2, 4, 0),
    ("ris_csv_exports/generic_labels_no_title.csv", "table", 2, 4, 0),
    ("ris_csv_exports/generic_partial_labels.csv", "table", 2, 4, 0),
    ("ris_csv_exports/generic_tab.csv", "table", 2, 0, 0),
    ("ris_csv_exports/generic_tab.tsv", "table", 2, 0, 0),
    ("ris_csv_exports/missing_values.csv", "table", 3, 1, 0),
    ("semantic_scholar/semantic_scholar_transformer.json", "json", 5, 0, 0),
    ("arxiv_rss/rss_cs.LG+cs.AI+cs.CL+stat.ML_2026-09-24.xml", "feed", 3, 0, 0),
    ("pubmed/pubmed_efetch.xml", "pubmed_xml", 5, 0, 0),
    ("arxiv_atom/arxiv_api_transformer.xml", "feed", 5, 0, 0),
]


@pytest.mark.parametrize(("name", "kind", "papers", "merged", "refused"), _REAL)
def test_real_digest_is_read(shared: Path, name: str, kind: str, papers: int, merged: int, refused: int) -> None:
    reading = read_inputs([str(shared / "digests" / name)])
    assert list(reading.formats.values()) == [kind]
    assert (len(reading.papers), len(reading.merged), len(reading.refused)) == (papers, merged, refused)


def test_every_real_json_and_table_is_among_the_files_above(shared: Path) -> None:
    digests = shared / "digests"
    found = {path.relative_to(digests).as_posix() for path in digests.rglob("*.*") if path.suffix in {
        ".json", ".jsonl", ".csv", ".tsv"}}  # fmt: skip
    assert found <= {name for name, *_ in _REAL}


@pytest.mark.parametrize("kind", ["*.xml", "*.html", "*.md"])
def test_real_file_of_a_kind_not_read_is_refused_with_a_way_out(shared: Path, labeler: Labeler, kind: str) -> None:
    files = sorted((shared / "digests").rglob(kind))[:6]
    assert files
    for path in files:
        outcome = labeler("read", path)
        if outcome.code:
            assert outcome.code == 3
            assert f"{path.name} is " in outcome.err
            assert ", which labeler does not read yet; " in outcome.err
            assert "CSV" in outcome.err
        else:
            assert "read as page" not in outcome.err


def test_summary_of_the_real_daily_dump_adds_up(shared: Path, labeler: Labeler) -> None:
    outcome = labeler("read", shared / "digests" / "daily_repos" / "dw-dengwei__2026-03-09.jsonl", "--json")
    assert "308 records = 232 papers + 76 merged + 0 refused (read as jsonl)" in outcome.err
    assert len({json.loads(line)["id"] for line in outcome.out.splitlines()}) == 232


def test_a_reason_quotes_no_more_than_a_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_text(f'@article{{one, title = {{A title}}}}\n@article{{two,\n  author{"/>" * 9000}="x"> = 1}}\n')
    reading = read_inputs([str(path)])
    assert len(reading.papers) == 1
    assert len(reading.refused[0].why) < 500
    assert reading.refused[0].why.startswith("the entry 'two' is broken: its field 'author/>/>")


def test_records_are_papers_merged_and_refused_together(tmp_path: Path) -> None:
    records = ({"title": "One", "id": "2601.88001"}, {"title": "Won", "id": "2601.88001v2"}, "broken", {"year": 2020})
    reading = read(tmp_path, "a.jsonl", lines({"title": "Two"}, *records))
    assert reading.summary() == "5 records = 2 papers + 1 merged + 2 refused"
    assert [(paper.title, reason, merged.title) for paper, reason, merged in reading.merged] == [
        ("One", "arxiv:2601.88001", "Won")
    ]
    assert messages(reading)[1] == "a.jsonl, line 5: neither a title nor an abstract"


def test_record_that_ties_two_papers_together_leaves_no_record_uncounted(tmp_path: Path) -> None:
    tied = ({"title": "One", "id": "2601.88001"}, {"title": "Won", "doi": "10.5555/a"})
    reading = read(tmp_path, "a.jsonl", lines(*tied, {"title": "Both", "id": "2601.88001", "doi": "10.5555/a"}))
    assert reading.summary() == "3 records = 1 paper + 2 merged + 0 refused"


def test_several_digests_are_one_reading_in_their_order(tmp_path: Path) -> None:
    first = saved(tmp_path, "a.txt", page("Sorting Papers", ABSTRACT))
    second = saved(tmp_path, "b.csv", f'title,abstract\nBridges,"{OTHER}"\nSorting papers!,"{ABSTRACT}"\n')
    reading = read_inputs([str(first), str(second)])
    assert titles(reading) == ["Sorting Papers", "Bridges"]
    assert reading.formats == {"a.txt": "page", "b.csv": "table"}
    assert [paper.source for paper in reading.papers] == ["a.txt", "b.csv"]
    assert len(reading.merged) == 1


def test_stream_keeps_repeated_papers_and_refusals_in_order(tmp_path: Path) -> None:
    stream = PaperStream([source(tmp_path, "a.jsonl", lines({"title": "A"}, "x", {"title": "A"}))])
    assert [isinstance(item, Refusal) for item in stream] == [False, True, False]
    assert stream.formats == {"a.jsonl": "jsonl"}


def test_stream_says_the_formats_of_the_inputs_it_has_reached(tmp_path: Path) -> None:
    first = source(tmp_path, "a.jsonl", lines({"title": "A"}))
    stream = PaperStream([first, source(tmp_path, "b.csv", "title,abstract\nB,b\n")])
    assert stream.formats == {}
    papers = iter(stream)
    next(papers)
    assert stream.formats == {"a.jsonl": "jsonl"}
    next(papers)
    assert stream.formats == {"a.jsonl": "jsonl", "b.csv": "table"}


def test_digest_without_one_paper_is_bad_input_with_the_first_reason(tmp_path: Path, labeler: Labeler) -> None:
    outcome = labeler("read", saved(tmp_path, "a.csv", "title,abstract\n  ,\n--,...\n"))
    assert (outcome.code, outcome.out) == (3, "")
    assert "no papers in a.csv (read as table): row ending on line 3: neither a title nor an abstract" in outcome.err


def test_missing_input_among_many_writes_nothing(tmp_path: Path, labeler: Labeler) -> None:
    good = saved(tmp_path, "a.jsonl", lines({"title": "A"}))
    outcome = labeler("read", good, tmp_path / "missing", "-o", tmp_path / "out.jsonl")
    assert outcome.code == 3
    assert not (tmp_path / "out.jsonl").exists()


def test_read_digest_takes_paths_and_a_format(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.odd", "Title\nOne\n")
    assert [paper.title for paper in read_digest(path, format="table")] == ["One"]
    assert [paper.title for paper in read_digest(str(path), "table")] == ["One"]
    with pytest.raises(InputError, match="cannot tell"):
        read_digest(path)


def test_read_writes_what_it_can_read_again(tmp_path: Path, labeler: Labeler, digest: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    assert labeler("read", digest, "-o", first).code == 0
    assert labeler("read", first, "-o", second).code == 0
    assert first.read_bytes() == second.read_bytes()
    assert first.read_text().count("\n") == 24


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, _, papers, *_ in _REAL if papers < 300])
def test_real_papers_written_as_json_lines_read_back_equal(
    shared: Path, labeler: Labeler, tmp_path: Path, name: str
) -> None:
    original = shared / "digests" / name
    assert labeler("read", original, "-o", tmp_path / "out.jsonl").code == 0
    assert read_digest(tmp_path / "out.jsonl") == read_digest(original)


def test_an_empty_file_among_others_is_told_and_passed_over(tmp_path: Path, labeler: Labeler) -> None:
    for name, content in {"a.csv": "title,x\nA,a\n", "b.csv": "", "c.txt": "\ufeff \n\n"}.items():
        saved(tmp_path, name, content)
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(b""))
    reading = read_inputs([str(tmp_path)])
    assert titles(reading) == ["A"]
    assert reading.notes == [f"{name} is empty and was passed over" for name in ("b.csv", "c.txt", "d.csv.gz")]
    assert read_inputs([str(tmp_path)], "table").notes == reading.notes
    outcome = labeler("read", tmp_path / "b.csv", tmp_path / "c.txt")
    assert outcome.code == 3
    assert "b.csv, c.txt are empty; give a file with papers in it" in outcome.err


def test_a_paper_in_another_language_is_flagged_where_one_is_named() -> None:
    paper = Paper.make("机器人学会走路", "我们训练有腿的机器人在各种地形上行走并保持平衡。")
    assert with_language(paper, "en").flags == ("other_language",)
    assert with_language(paper, "").flags == with_language(paper, "zh").flags == ()
