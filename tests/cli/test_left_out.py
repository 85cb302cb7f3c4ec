from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from labeler.cli.command import Run
from labeler.cli.left_out import MOST_LISTED, say_left_out
from tests.conftest import Labeler


def test_the_first_of_each_kind_are_listed_and_the_rest_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    labels = Counter({f"label {number}": 30 - number for number in range(MOST_LISTED + 2)})
    say_left_out(
        Run(None, False, False), [f"row {number}: no title" for number in range(MOST_LISTED + 3)], labels, "pull again"
    )
    said = capsys.readouterr().err
    assert "note: row 0: no title\n" in said
    assert "note: 3 more of this kind\n" in said
    assert "labels that are no topic of the scheme: 'label 0' (30), " in said
    assert " and 2 more; add them as topics or aliases, then pull again" in said


def test_soft_labels_and_judgements_say_the_same(workspace: Path, labeler: Labeler) -> None:
    (workspace / "soft.csv").write_text("title,topic,probability\nA robot,cooking,0.5\nA voice,llm,0.5\n")
    (workspace / "table.csv").write_text("title,topics\nA robot,cooking\nA voice,llm\n")
    said = "labels that are no topic of the scheme: 'cooking' (1); add them as topics or aliases, then import again"
    assert said in labeler("import", "--soft", "soft.csv", "--from", "m").err
    assert said in labeler("import", "table.csv", "--topics-column", "topics").err
