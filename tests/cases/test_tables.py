"""Tables of judged papers."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from labeler.digests import read_inputs
from labeler.judgements import JudgementLog
from tests.cases.conftest import import_twice, log_records
from tests.conftest import Labeler, Outcome

LANGUAGE, VISION, ROBOTICS = "language", "vision", "robotics"
ALL = {LANGUAGE, VISION, ROBOTICS}
COMPLETE = ("--topics-column", "topics", "--complete")
HEAD = "title,abstract,topics\n"


def answers() -> list[tuple[set[str], set[str]]]:
    """The topics that apply and those that do not, of each line of the log."""
    return [(set(record["yes"]), set(record["no"])) for record in log_records()]


def complete(*topics: str) -> list[tuple[set[str], set[str]]]:
    """What a complete table says of papers with these topics each."""
    return [(set(row.split()), ALL - set(row.split())) for row in topics]


def table(*cells: str, name: str = "t.csv", head: str = HEAD) -> Path:
    """A table of papers with these cells of topics."""
    with Path(name).open("w", encoding="utf-8", newline="") as stream:
        stream.write(head)
        rows = [[f"Paper {n} of the zoo", f"Animal {n} eats {'leaves ' * n}.", cell] for n, cell in enumerate(cells)]
        csv.writer(stream).writerows(rows)
    return Path(name)


def alias(topic: str, text: str) -> None:
    """Give a topic another name."""
    path = Path("annotations/topics.toml")
    scheme = path.read_text(encoding="utf-8")
    path.write_text(scheme.replace(f'id = "{topic}"\n', f'id = "{topic}"\naliases = ["{text}"]\n'), encoding="utf-8")


def test_quotes_inside_and_never_closed(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", cases / "t01_unescaped_quotes.csv", *COMPLETE)
    assert answers() == complete(LANGUAGE, VISION, ROBOTICS, LANGUAGE)
    assert "stray quotes were taken as letters, so that rows stay apart" in outcome.err


@pytest.mark.parametrize("way", ["alias", "one topic"])
def test_a_column_of_0_and_1(cases: Path, case_workspace: Path, way: str) -> None:
    if way == "alias":
        alias("robotics", "1")
    else:
        Path("annotations/topics.toml").write_text('mode = "multi"\n[[topic]]\nid = "robotics"\n')
    counts = import_twice(cases / "t02_screening_1_0.csv", "--topics-column", "included", "--complete")
    others = ALL - {ROBOTICS} if way == "alias" else set()
    yes, no = ({ROBOTICS}, others), (set[str](), {ROBOTICS, *others})
    assert answers() == [yes, no, no, yes]
    assert (counts["not_judged"], counts["unknown_labels"]) == (2, {})


def test_a_column_of_0_and_1_says_no_to_its_topic_alone_where_the_table_is_partial(
    cases: Path, case_workspace: Path
) -> None:
    alias("robotics", "1")
    import_twice(cases / "t02_screening_1_0.csv", "--topics-column", "included")
    assert answers() == [({ROBOTICS}, set()), (set(), {ROBOTICS}), (set(), {ROBOTICS}), ({ROBOTICS}, set())]


def test_a_column_of_0_and_1_that_no_topic_goes_with_is_told(
    cases: Path, case_workspace: Path, labeler: Labeler
) -> None:
    outcome = labeler("import", cases / "t02_screening_1_0.csv", "--topics-column", "included", "--complete")
    assert (outcome.code, outcome.err.count("\n"), log_records()) == (3, 1, [])
    assert 'the alias "1"' in outcome.err


def test_a_mark_before_the_column_of_topics(cases: Path, case_workspace: Path) -> None:
    import_twice(cases / "t03_bom_topics_first.csv", *COMPLETE)
    assert answers() == complete(LANGUAGE, ROBOTICS)


def test_unicode_text_of_excel(cases: Path, case_workspace: Path) -> None:
    import_twice(cases / "t04_utf16_tab.txt", *COMPLETE)
    assert answers() == complete(LANGUAGE, ROBOTICS)


@pytest.mark.parametrize("name", ["t06_hash_joined.csv", "t31_slash.csv"])
def test_labels_with_another_separator_are_told_and_say_no_to_nothing(
    cases: Path, case_workspace: Path, name: str
) -> None:
    counts = import_twice(cases / name, *COMPLETE)
    assert counts["unknown_labels"]
    for record in log_records():
        assert bool(record["no"]) == bool(record["yes"])


def test_lists_without_quotes(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "t07_list_without_quotes.csv", *COMPLETE)
    assert answers() == complete(f"{LANGUAGE} {ROBOTICS}", f"{ROBOTICS} {VISION} {LANGUAGE}", ROBOTICS, LANGUAGE)
    assert counts["unknown_labels"] == {}


def test_missing_values(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "t09_nan_cells.csv", *COMPLETE)
    assert answers() == complete(ROBOTICS)
    assert (counts["not_judged"], counts["unknown_labels"]) == (5, {})


def test_case_and_spaces(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "t10_case_spaces.csv", *COMPLETE)
    assert answers() == complete(LANGUAGE, VISION, ROBOTICS, ROBOTICS, VISION, LANGUAGE)
    assert counts["unknown_labels"] == {}


@pytest.mark.parametrize("flag", ["--complete", "--partial"])
def test_a_column_of_0_and_1_for_each_topic(cases: Path, case_workspace: Path, flag: str) -> None:
    columns = [option for topic in (LANGUAGE, VISION, ROBOTICS) for option in ("--topics-column", topic)]
    import_twice(cases / "t11_one_hot.csv", *columns, flag)
    assert answers() == complete(LANGUAGE, VISION, ROBOTICS, LANGUAGE, VISION, ROBOTICS)


def test_one_column_of_0_and_1_of_several(cases: Path, case_workspace: Path) -> None:
    import_twice(cases / "t11_one_hot.csv", "--topics-column", LANGUAGE)
    yes, no = ({LANGUAGE}, set[str]()), (set[str](), {LANGUAGE})
    assert answers() == [yes, no, no, yes, no, no]


def test_the_line_that_tells_excel_the_separator(cases: Path, case_workspace: Path) -> None:
    import_twice(cases / "t16_sep_line.csv", *COMPLETE)
    assert answers() == complete(LANGUAGE, ROBOTICS)


def test_papers_of_one_title(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", cases / "t23_same_title.csv", *COMPLETE)
    assert answers()[:2] == complete(LANGUAGE, ROBOTICS)
    assert "nothing to tell which is later: 1, such as that of 'table' on 'Erratum'" in outcome.err
    assert "0 added" in labeler("import", cases / "t23_same_title.csv", *COMPLETE).err


def test_null_in_parquet(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "t28_category.parquet", *COMPLETE)
    assert answers() == complete(LANGUAGE, VISION, ROBOTICS, LANGUAGE, ROBOTICS)
    assert counts["not_judged"] == 1


def test_an_empty_list_in_parquet_is_none_of_these_and_null_is_not(case_workspace: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    cells = [["Robotics"], [], None, [None]]
    rows = {"title": [f"Paper {n}" for n in range(4)], "abstract": [f"Text {n}." for n in range(4)], "topics": cells}
    pandas.DataFrame(rows).to_parquet("t.parquet")
    assert import_twice(Path("t.parquet"), *COMPLETE)["not_judged"] == 2
    assert answers() == complete(ROBOTICS, "")


def test_a_label_with_a_slip_beside_a_topic(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", cases / "t32_typo.csv", *COMPLETE)
    assert answers() == [({LANGUAGE}, {VISION})]
    assert "'Robotcs' is no topic; is 'Robotics' meant? That one is left open" in outcome.err
    assert "labels that are no topic of the scheme: 'Robotcs' (1)" in outcome.err
    alias("robotics", "Robotcs")
    assert "1 of them corrections" in labeler("import", cases / "t32_typo.csv", *COMPLETE).err
    assert answers()[-1] == complete(f"{LANGUAGE} {ROBOTICS}")[0]


def test_topics_that_differ_in_case_and_spaces(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    shutil.copyfile(cases / "t_case.toml", "annotations/topics.toml")
    outcome = labeler("topics", "check")
    assert outcome.code == 6
    assert "'nlp' and 'nlp2'" in outcome.err


@pytest.mark.parametrize(
    ("cell", "topics"),
    [
        ("[Robotics; Images and video]", f"{ROBOTICS} {VISION}"),
        ("{Robotics, 'Images and video'}", f"{ROBOTICS} {VISION}"),
        ("{'robotics', 'vision'}", f"{ROBOTICS} {VISION}"),
        ("('robotics', 'vision')", f"{ROBOTICS} {VISION}"),
        ("(robotics, vision)", f"{ROBOTICS} {VISION}"),
        ("['robotics' 'vision']", f"{ROBOTICS} {VISION}"),
        ("['robotics'\n 'vision']", f"{ROBOTICS} {VISION}"),
        ('"robotics", "vision"', f"{ROBOTICS} {VISION}"),
        ("['robotics', nan]", ROBOTICS),
        ("[robotics]", ROBOTICS),
        ('["Robotics"]', ROBOTICS),
        ('{"choices": ["Robotics", "Images and video"]}', f"{ROBOTICS} {VISION}"),
        ("robotics； 语言模型", f"{ROBOTICS} {LANGUAGE}"),
        ("robotics、vision，language", f"{ROBOTICS} {VISION} {LANGUAGE}"),
        ("robotics ;; | vision,", f"{ROBOTICS} {VISION}"),
        ("[]", ""),
        ("{}", ""),
        ("none", ""),
        ("None of these", ""),
        ("", ""),
    ],
)
def test_cells_in_other_notations(case_workspace: Path, cell: str, topics: str) -> None:
    counts = import_twice(table(cell), *COMPLETE)
    assert answers() == complete(topics)
    assert counts["unknown_labels"] == {}


@pytest.mark.parametrize("cell", ["nan", "NA", "<NA>", "#N/A", "NULL", "NaT", "None", "[nan]", "[None]"])
def test_what_programs_write_for_a_missing_value_is_no_judgement(case_workspace: Path, cell: str) -> None:
    counts = import_twice(table("robotics", cell), *COMPLETE)
    assert (answers(), counts["not_judged"], counts["unknown_labels"]) == (complete(ROBOTICS), 1, {})


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (("x", "", "X"), [ROBOTICS, "", ROBOTICS]),
        (("yes", "no", "?"), [ROBOTICS, ""]),
        (("True", "False", ""), [ROBOTICS, ""]),
        (("1.0", "0.0", "nan"), [ROBOTICS, ""]),
    ],
)
def test_flags_in_a_column_called_like_a_topic(case_workspace: Path, cells: tuple[str, ...], wanted: list[str]) -> None:
    import_twice(table(*cells, head="title,abstract,robotics\n"), "--topics-column", "robotics", "--complete")
    assert answers() == complete(*wanted)


def test_several_columns_of_labels_are_read_together(case_workspace: Path) -> None:
    Path("t.csv").write_text(
        "title,abstract,first,second\nOwls,Owls hunt.,robotics,vision\nRails,Trains run.,robotics,\n", encoding="utf-8"
    )
    import_twice(Path("t.csv"), "--topics-column", "first", "--topics-column", "second", "--complete")
    assert answers() == complete(f"{ROBOTICS} {VISION}", ROBOTICS)


def test_a_cell_that_is_not_judged_leaves_its_topic_open_though_the_table_is_complete(case_workspace: Path) -> None:
    Path("t.csv").write_text(
        "title,abstract,robotics,vision\nOwls,Owls hunt.,1,-1\nRails,Trains run.,0,1\nSeas,Waves.,,-1\n",
        encoding="utf-8",
    )
    counts = import_twice(Path("t.csv"), "--topics-column", "robotics", "--topics-column", "vision", "--complete")
    assert answers() == [({ROBOTICS}, {LANGUAGE}), ({VISION}, {LANGUAGE, ROBOTICS})]
    assert counts["not_judged"] == 1


def test_a_copy_of_a_table_adds_nothing_and_a_changed_copy_corrects(case_workspace: Path, labeler: Labeler) -> None:
    first = table("robotics", "vision", name="mine.csv")
    import_twice(first, *COMPLETE)
    shutil.copyfile(first, "mine (1).csv")
    assert import_twice(Path("mine (1).csv"), *COMPLETE)["added"] == 0
    assert import_twice(table("robotics", "language", name="mine2.csv"), *COMPLETE)["added"] == 1
    status = labeler("status").out
    assert "2 papers" in status
    assert "tie" not in status
    assert "table: 3 judged" in status
    both = import_twice(first, *COMPLETE, "--annotator", "bo")
    assert (both["added"], both["annotators"]) == (2, 1)


def _imported(labeler: Labeler, file: Path) -> Outcome:
    outcome = labeler("import", file, "--topics-column", "topics", "--complete")
    assert outcome.code == 0, outcome.err
    return outcome


def _yes(workspace: Path) -> list[tuple[str, ...]]:
    log = JudgementLog(workspace / "annotations" / "judgements.jsonl").read()
    return [judgement.yes for judgement in log.judgements]


def test_late_letters_of_an_old_encoding_are_letters(cases: Path) -> None:
    paper = read_inputs([str(cases / "t05_cp1252_late.csv")]).papers[-1]
    (same,) = read_inputs([str(cases / "t05b_same_paper_utf8.csv")]).papers
    assert paper.title == same.title == "Prévoir l’été à Genève"
    assert (paper.id, paper.flags) == (same.id, ())


def test_late_letters_of_an_old_encoding_are_imported(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", cases / "t05_cp1252_late.csv", "--topics-column", "topics", "--complete")
    assert outcome.code == 0, outcome.err
    log = (case_workspace / "annotations" / "judgements.jsonl").read_text(encoding="utf-8")
    assert "Prévoir l’été à Genève" in log
    assert "\ufffd" not in log


def test_rows_with_line_breaks_and_long_cells_are_read(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    _imported(labeler, cases / "t12_newlines_and_huge.csv")
    assert len(_yes(case_workspace)) == 3


def test_a_header_with_a_line_break_is_recognised(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    (paper,) = read_inputs([str(cases / "t14_header_with_newline.csv")]).papers
    assert (paper.title, paper.flags) == ("Short prompts that steer small language models", ())
    _imported(labeler, cases / "t14_header_with_newline.csv")
    assert len(_yes(case_workspace)) == 1


def test_cells_that_overflow_are_told(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    outcome = _imported(labeler, cases / "t15_pipe_overflow.csv")
    assert "has 6 cells, the header has 4" in outcome.err
    assert len(_yes(case_workspace)) == 1


def test_words_that_stand_for_no_abstract_are_none(cases: Path) -> None:
    papers = read_inputs([str(cases / "t18_scopus_placeholder.csv")]).papers
    assert [paper.flags for paper in papers] == [(), ("no_abstract",), ("no_abstract",)]
    assert [paper.abstract for paper in papers[1:]] == ["", ""]


def test_chapters_with_their_books_doi_stay_apart(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    _imported(labeler, cases / "t19_book_doi.csv")
    assert [len(yes) for yes in _yes(case_workspace)] == [1, 1, 1]
    assert "on 3 papers" in labeler("status").out
    again = _imported(labeler, cases / "t19_book_doi.csv")
    assert "3 annotations of 1 annotator on 3 papers" in again.err
    assert len(_yes(case_workspace)) == 3, again.err


@pytest.mark.parametrize("command", ["read", "label"])
def test_an_identifier_of_chapters_is_told(cases: Path, labeler: Labeler, command: str) -> None:
    outcome = labeler(command, cases / "t19_book_doi.csv", "--json")
    assert len([json.loads(line) for line in outcome.out.splitlines()]) == 3
    assert "3 different papers have doi:10.1007/978-1-0000-0000-1, and stay apart" in outcome.err


def test_a_doi_in_any_spelling_is_one(cases: Path, labeler: Labeler) -> None:
    (paper,) = read_inputs([str(cases / "t20_doi_spellings.csv")]).papers
    assert paper.id == "doi:10.1000/abc.1"
    assert "1 paper labelled" in labeler("label", cases / "t20_doi_spellings.csv", "--json").err
