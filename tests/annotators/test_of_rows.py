from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import labeler
from labeler.annotators.of_rows import Row, agreement, ratings_of_rows
from labeler.topics import Mode


def test_a_row_with_several_topics_makes_the_mode_multi() -> None:
    rows = [Row("1", "ada", ["x"]), Row("1", "bo", ["y"])]
    assert ratings_of_rows(rows).mode == Mode.SINGLE
    assert ratings_of_rows([*rows, Row("2", "ada", ["x", "y"])]).mode == Mode.MULTI
    with pytest.raises(ValueError, match="ada gave 2 several topics: x, y"):
        ratings_of_rows([*rows, Row("2", "ada", ["x", "y"])], Mode.SINGLE)


def test_none_of_these_is_no_topic() -> None:
    found = ratings_of_rows([Row("1", "ada", ["None of these"]), Row("1", "bo", ["x"])])
    assert found.topics == ("x",)
    assert found.answers.ravel().tolist() == [0, 1]


def test_the_later_row_of_an_annotator_counts_and_the_earlier_was_asked_before() -> None:
    rows = [Row("1", "ada", ["y"], "2026-02"), Row("1", "ada", ["x"], "2026-01"), Row("1", "bo", ["y"], "2026-01")]
    found = ratings_of_rows(rows)
    assert found.answers[0, 0].tolist() == [0, 1]
    assert [repeat.again for repeat in found.repeats] == [True]
    assert found.times == ("2026-02",)


def test_frames_have_lists_of_topics_or_one_topic() -> None:
    several = pd.DataFrame(
        {"paper": [1, 1, 2, 2], "annotator": list("abab"), "topics": [["x", "y"], ["x"], [], np.array(["y"])]}
    )
    found = agreement(several)
    assert found.mode == Mode.MULTI
    assert found.overall["agreement"].value == 0
    assert [topic.disputed for topic in found.topics] == [0, 2]
    one = pd.DataFrame({"paper": [1, 1, 2, 2], "annotator": list("abab"), "topic": ["x", "x", None, np.nan]})
    assert agreement(one).overall["alpha"].value == 1


def test_the_package_has_it() -> None:
    assert labeler.agreement is agreement


@pytest.mark.parametrize("missing", ["paper", "annotator", "topics"])
def test_a_column_that_is_missing_is_named(missing: str) -> None:
    frame = pd.DataFrame({"paper": [1], "annotator": ["a"], "topics": [["x"]]}).drop(columns=missing)
    with pytest.raises(ValueError, match=f"no column '{missing}'"):
        agreement(frame)


def test_a_notebook_shows_topics_and_pairs_escaped() -> None:
    answers = {
        "paper": ["a", "b", "c"] * 2,
        "annotator": ["<i>"] * 3 + ["me"] * 3,
        "topic": ["x", "y", "x", "x", "y", "y"],
    }
    shown = agreement(pd.DataFrame(answers))._repr_html_()
    assert "&lt;i&gt; and me" in shown
    assert ">0.40 (too few)</td>" in shown
    assert "<i>" not in shown
