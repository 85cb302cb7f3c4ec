"""How far the log agrees with the keywords of a scheme."""

from __future__ import annotations

from pathlib import Path

from labeler.config import find_workspace
from labeler.flows.keywords import keyword_counts
from labeler.measure.keywords import KeywordCount
from labeler.topics import Mode, Scheme, Topic
from tests.flows.test_train import bring, make_scheme


def test_judged_papers_are_counted_by_the_labels_they_have(workspace: Path) -> None:
    make_scheme(workspace, Mode.SINGLE, "robots", "speech")
    bring(
        workspace, [("A gripper\nof a robot", "robots"), ("A gripper\nof a voice", "speech"), ("Vowels\nalone", "none")]
    )
    scheme = Scheme(Mode.SINGLE, (Topic("robots", "Robots", keywords=("gripper",)), Topic("speech", "Speech")))
    found = keyword_counts(find_workspace(str(workspace)), scheme)
    assert found == {"robots": (KeywordCount("gripper", False, 2, 1),)}


def test_without_keywords_the_log_is_not_read(workspace: Path) -> None:
    log = workspace / "annotations" / "judgements.jsonl"
    log.unlink(missing_ok=True)
    log.mkdir()
    assert keyword_counts(find_workspace(str(workspace)), Scheme(Mode.SINGLE, (Topic("robots", "Robots"),))) == {}
