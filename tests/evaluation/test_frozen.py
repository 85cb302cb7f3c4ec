from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import InputError, RefusedError
from labeler.evaluation.frozen import (
    AUDITS,
    FEWEST,
    EvaluationSet,
    drawn_set,
    read_evaluation_set,
    write_evaluation_set,
)
from labeler.evaluation.judged import JudgedSet
from labeler.papers import Paper

WORDS = [
    f"{first}{second}" for first in ("ka", "lo", "mi", "nu", "pe") for second in ("ra", "sto", "ven", "dim", "fal")
]


def judged_set(papers: int, topics: int = 3, blind: int = 0, twins: int = 0) -> JudgedSet:
    """Judged papers of random words, each of one topic in turn; the last ``twins`` nearly repeat the first ones."""
    generator = np.random.default_rng(papers)
    texts = [" ".join(generator.choice(WORDS, 30)) for _ in range(papers)]
    texts[papers - twins :] = [f"{text} again" for text in texts[:twins]]
    made = tuple(Paper.make(f"Paper number {row}", text) for row, text in enumerate(texts))
    truth = np.eye(topics)[np.arange(papers) % topics]
    flags = np.arange(papers) < blind
    return JudgedSet(made, tuple(map(str, range(topics))), truth, flags, ~flags, ("",) * papers)


@pytest.mark.parametrize(("how", "count"), [("0.2", 40), ("0.25", 50), ("0.3", 60), ("0.5", 100)])
def test_a_share_is_drawn_with_each_topic_as_often_as_among_all(how: str, count: int) -> None:
    judged = judged_set(200, topics=4)
    found = drawn_set(judged, how)
    assert (len(found.papers), found.drawn) == (count, how)
    rows = [row for row, paper in enumerate(judged.papers) if set(paper.ids) & found.identifiers]
    assert np.ptp(judged.truth[rows].sum(axis=0)) <= 1
    assert drawn_set(judged, how) == found
    assert drawn_set(judged, how, seed=1) != found


def test_near_duplicates_are_on_one_side() -> None:
    judged = judged_set(120, twins=30)
    found = drawn_set(judged, "0.2").identifiers
    apart = [not found.isdisjoint(paper.ids) for paper in judged.papers]
    assert apart[:30] == apart[90:]
    assert any(apart[:30])


def test_the_few_papers_of_a_rare_topic_are_left_to_learn_from() -> None:
    judged = judged_set(120)
    truth = np.column_stack([judged.truth, np.zeros(120)])
    truth[5] = [0, 0, 0, 1]
    rare = JudgedSet(judged.papers, (*judged.topics, "rare"), truth, judged.blind, judged.picked, judged.sources)
    assert drawn_set(rare, "0.2").identifiers.isdisjoint(judged.papers[5].ids)


def test_papers_of_which_nothing_is_known_are_not_drawn() -> None:
    judged = judged_set(150)
    judged.truth[100:] = np.nan
    found = drawn_set(judged, "0.5").identifiers
    assert all(found.isdisjoint(paper.ids) for paper in judged.papers[100:])


@pytest.mark.parametrize(("how", "judged"), [("0.2", judged_set(99)), (AUDITS, judged_set(150, blind=99))])
def test_few_papers_are_not_divided(how: str, judged: JudgedSet) -> None:
    with pytest.raises(InputError, match=f"99 .* are too few to keep some apart: {FEWEST} are needed"):
        drawn_set(judged, how)


def test_audits_are_all_of_them() -> None:
    judged = judged_set(210, blind=101)
    found = drawn_set(judged, AUDITS)
    assert len(found.papers) == 101
    assert all(not found.identifiers.isdisjoint(paper.ids) for paper in judged.papers[:101])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.text(min_size=1), min_size=1, max_size=3, unique=True).map(tuple), max_size=6, unique=True))
def test_a_set_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, papers: list[tuple[str, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("annotations")
    clean = [tuple(one.encode("utf-8", "replace").decode() for one in ids) for ids in papers]
    clean = [tuple(dict.fromkeys(ids)) for ids in clean]
    write_evaluation_set(folder, EvaluationSet(tuple(clean), "0.2"))
    found = read_evaluation_set(folder)
    assert sorted(found.papers) == sorted(clean)
    assert found.fingerprint == EvaluationSet(tuple(reversed(clean)), "0.2").fingerprint


def test_a_set_that_another_run_drew_meanwhile_is_kept(tmp_path: Path) -> None:
    first = EvaluationSet((("a",), ("b",)), "0.2")
    for _ in range(2):  # the same again is no other
        write_evaluation_set(tmp_path, first)
    with pytest.raises(RefusedError, match=r"meanwhile: 2 papers by --hold-out 0.2; nothing was written"):
        write_evaluation_set(tmp_path, EvaluationSet((("a",),), "0.3"))
    assert read_evaluation_set(tmp_path) == first


def test_of_sets_that_are_drawn_at_once_one_is_kept_and_the_others_are_told(tmp_path: Path) -> None:
    sets = [EvaluationSet(((str(number),),), "0.2") for number in range(8)]

    def write(one: EvaluationSet) -> bool:
        try:
            write_evaluation_set(tmp_path, one)
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(write, sets))
    assert sum(written) == 1
    assert read_evaluation_set(tmp_path) == sets[written.index(True)]
    assert [path.name for path in tmp_path.iterdir()] == ["evaluation.jsonl"]


def test_an_empty_file_is_no_set_and_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "evaluation.jsonl").touch()
    write_evaluation_set(tmp_path, EvaluationSet((("a",),), "0.2"))
    assert read_evaluation_set(tmp_path).identifiers == {"a"}


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "evaluation.jsonl").mkdir()
    for step in (read_evaluation_set, lambda folder: write_evaluation_set(folder, EvaluationSet((("a",),), "0.2"))):
        with pytest.raises(InputError, match=r"evaluation\.jsonl") as told:
            step(tmp_path)
        assert "folder" in str(told.value)


def test_without_a_file_there_is_an_empty_set(tmp_path: Path) -> None:
    assert read_evaluation_set(tmp_path) == EvaluationSet()
    assert EvaluationSet().fingerprint == ""


@pytest.mark.parametrize(
    "line", ["{", "[]", "3", '{"paper": "a"}', '{"paper": 3, "ids": []}', '{"paper": "a", "ids": [""]}']
)
def test_a_line_that_is_no_paper_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "evaluation.jsonl").write_text(f'{{"paper": "a", "ids": ["a"]}}\n\n{line}\n')
    with pytest.raises(InputError, match="line 3 is no paper of an evaluation set"):
        read_evaluation_set(tmp_path)


def test_two_branches_are_joined_line_by_line(tmp_path: Path) -> None:
    one, other = (EvaluationSet((("a",), (name, "doi:1")), "0.2").text() for name in "bc")
    (tmp_path / "evaluation.jsonl").write_text(one + other)
    assert read_evaluation_set(tmp_path).identifiers == {"a", "b", "c", "doi:1"}


def test_audits_that_are_most_of_the_papers_are_not_kept_apart_unless_there_are_tables() -> None:
    judged = judged_set(150, blind=101)
    with pytest.raises(InputError, match="101 of 150 judged papers were asked blind and at random"):
        drawn_set(judged, AUDITS)
    assert len(drawn_set(judged, AUDITS, alone=False).papers) == 101
