"""Papers that somebody looks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.digests import read_inputs
from labeler.errors import LabelerError, NotFoundError, UsageError
from labeler.evaluation.judged import is_blind, is_picked
from labeler.features.background import shipped
from labeler.papers import Paper
from labeler.suggest.advice import Adviser, adviser_of
from labeler.suggest.sought import Sought, seek
from labeler.topics import Mode, Scheme, Topic, load_scheme
from tests.judgements.factories import judgement

SCHEME = Scheme(
    Mode.MULTI,
    (
        Topic("robots", "Robotics", "Manipulation, locomotion, gripping", aliases=("Robots and arms",)),
        Topic("legs", "Walking robots", "Legged locomotion", parent="robots"),
        Topic("speech", "Speech and audio", keywords=("whispered voice",)),
        Topic("old", "Gone", hidden=True),
    ),
)
PAPERS = [
    Paper("A gripper for fragile fruit", "Robots grasp with soft fingers.", ("arxiv:1",)),
    Paper("Legged parkour", "Locomotion of legged robots over stairs and gaps.", ("arxiv:2",)),
    Paper("Whispered commands", "Recognition of whispered speech without voice.", ("arxiv:3",)),
    Paper("Snapshot isolation", "Replicated databases order transactions.", ("arxiv:4",)),
    Paper("The zyzzyva beetle", "A survey of weevils.", ("arxiv:5",)),
]
NOBODY = Adviser(None, None)


def titles(label: str | None = None, words: str | None = None, scheme: Scheme = SCHEME) -> list[str]:
    sought = Sought.of(scheme, label, words)
    assert sought is not None
    return [one.paper.title for one in seek(PAPERS, sought, scheme, NOBODY, shipped())]


def test_before_there_is_a_model_the_definition_tells_what_is_of_a_topic() -> None:
    assert set(titles("Robotics")[:2]) == {"A gripper for fragile fruit", "Legged parkour"}
    assert titles("legs")[0] == "Legged parkour"
    assert titles("speech and audio")[0] == "Whispered commands"


def test_keywords_tell_beside_the_definition() -> None:
    named = Scheme(Mode.MULTI, (*SCHEME.topics[:3], Topic("things", "Qx7", keywords=("databases", "transactions"))))
    assert titles("things", scheme=named)[0] == "Snapshot isolation"


def test_words_find_papers_that_hold_them_and_then_those_about_the_same() -> None:
    assert titles(words="zyzzyva")[0] == "The zyzzyva beetle"
    assert titles(words="  Legged   robots ")[0] == "Legged parkour"
    sought = Sought.of(SCHEME, None, "  Legged   robots ")
    assert sought is not None
    first, *_ = seek(PAPERS, sought, SCHEME, NOBODY, shipped())
    assert first.reason == "picked as it holds words of “Legged robots”"


def test_topic_and_words_together_find_what_fits_both() -> None:
    assert titles("robots", "soft fingers")[0] == "A gripper for fragile fruit"
    assert titles("robots", "stairs")[0] == "Legged parkour"
    assert titles("robots", "unheardof")[0] in ("A gripper for fragile fruit", "Legged parkour")


def test_a_model_that_has_papers_of_the_topic_is_asked(trained: Path, digest: Path) -> None:
    workspace = find_workspace()
    scheme, papers = load_scheme(workspace.topics), read_inputs([str(digest)]).papers
    adviser = adviser_of(workspace, scheme, None)
    found = seek(papers, Sought("speech"), scheme, adviser, shipped())
    assert "by mine@1)" in found[0].reason
    assert found[0].reason.startswith("picked for Speech and audio (")
    assert {"Under One's Breath", "Mind the Backchannel"} <= {one.paper.title.partition(":")[0] for one in found[:3]}
    assert len(found) == len(papers)


def test_where_nothing_fits_it_is_said(digest: Path) -> None:
    with pytest.raises(NotFoundError, match="of 5 new papers none holds a word of “unheardof” that tells something"):
        titles(words="unheardof")
    with pytest.raises(NotFoundError, match="none holds a word of “of”"):
        titles(words="of")
    far = Scheme(Mode.MULTI, (Topic("galaxies", "Galaxies", "Spectra of distant quasars"), *SCHEME.topics))
    papers = read_inputs([str(digest)]).papers
    with pytest.raises(NotFoundError, match="of 24 new papers none is near the topic; name words"):
        seek(papers, Sought("galaxies"), far, NOBODY, shipped())
    for wanted in (Sought("robots"), Sought(words="arm"), Sought("robots", "arm")):
        assert seek([], wanted, SCHEME, NOBODY, shipped()) == []


@pytest.mark.parametrize(
    ("label", "words", "error", "message"),
    [
        ("robotcs", None, NotFoundError, "there is no topic 'robotcs'; there is robots"),
        ("zzz", None, NotFoundError, "there is no topic 'zzz'; there are robots, legs, speech"),
        ("", None, NotFoundError, "there is no topic ''"),
        ("old", None, NotFoundError, "the topic old is hidden; annotators cannot choose it"),
        (None, "R !", UsageError, "there is no word of two letters or more in 'R !'"),
    ],
)
def test_what_cannot_be_looked_for_is_told_in_a_line(
    label: str | None, words: str | None, error: type[LabelerError], message: str
) -> None:
    with pytest.raises(error) as caught:
        Sought.of(SCHEME, label, words)
    assert str(caught.value).startswith(message)


def test_nothing_is_sought_unless_it_is_named() -> None:
    assert Sought.of(SCHEME, None, None) is None
    assert Sought.of(SCHEME, "Robots and arms", None) == Sought("robots")


def test_the_log_says_by_what_papers_were_picked_and_figures_heed_it() -> None:
    both = Sought("robots", "soft fingers")
    assert both.asked == {"strategy": "topic+search", "audit": False, "topic": "robots", "search": "soft fingers"}
    assert Sought(words="arm").asked == {"strategy": "search", "audit": False, "search": "arm"}
    assert both.is_of(both.asked | {"batch": "x"})
    for other in ({}, {"strategy": "mix"}, Sought("robots").asked, Sought("legs", "soft fingers").asked):
        assert not both.is_of(other)
    for sought in (both, Sought("robots"), Sought(words="arm")):
        assert is_picked(judgement("robots", asked=sought.asked))
        assert not is_blind(judgement("robots", asked=sought.asked))
