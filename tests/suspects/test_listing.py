from __future__ import annotations

import numpy as np
import pytest

from labeler.evaluation.judged import JudgedSet
from labeler.papers import Paper
from labeler.suspects.confident import doubts_single
from labeler.suspects.contradictions import Contradiction
from labeler.suspects.listing import Evidence, suspects_of, with_controls

TOPICS = ("robots", "speech")
COUNT, SLIPS = 60, (5, 20, 41)


def made() -> tuple[JudgedSet, Evidence]:
    """Papers, of which some have the other topic."""
    truth = np.eye(2)[np.arange(COUNT) % 2]
    probabilities = 0.9 * truth + 0.05
    truth[list(SLIPS)] = truth[list(SLIPS), ::-1]
    papers = tuple(
        Paper((f"arxiv:2501.{number:05}",), f"Paper {number}", f"Number {number}.") for number in range(COUNT)
    )
    flags = np.zeros(COUNT, bool)
    judged = JudgedSet(papers, TOPICS, truth, flags, flags, ("",) * COUNT)
    return judged, Evidence(TOPICS, truth, probabilities, doubts_single(truth, probabilities), {})


def test_slips_are_told_with_what_is_wrong_and_what_is_missing() -> None:
    found = suspects_of(*made())
    assert {one.position for one in found} == set(SLIPS)
    for one in found:
        assert one.kinds == ("model",)
        assert (one.given, one.wrong) == (one.wrong, tuple({*TOPICS} - {*one.missing}))
        assert one.guesses[0].topic == one.missing[0]


def test_a_contradiction_adds_to_the_gain_and_lists_papers_that_no_model_doubts() -> None:
    judged, evidence = made()
    before = {one.position: one.gain for one in suspects_of(judged, evidence)}
    against = {row: [Contradiction(row, "copy", TOPICS, other)] for row, other in ((5, 6), (6, 5))}
    found = {one.position: one for one in suspects_of(judged, evidence._replace(contradictions=against))}
    assert set(found) == {*SLIPS, 6}
    assert found[5].gain > before[5]
    assert 0.5 <= found[6].gain < found[20].gain
    assert found[5].kinds == ("model", "copy")
    assert found[6].to_dict(judged.papers)["contradictions"][0]["other"] == judged.papers[5].id


@pytest.mark.parametrize(("count", "controls"), [(20, 2), (10, 1), (3, 0)])
def test_one_in_ten_is_drawn_at_random_and_always_the_same(count: int, controls: int) -> None:
    judged, evidence = made()
    suspects = suspects_of(judged, evidence) * 10
    shown = with_controls(judged, evidence, suspects, count)
    assert len(shown) == count
    drawn = [one for one in shown if one.control]
    assert len(drawn) == controls
    assert not {one.position for one in drawn} & set(SLIPS)
    assert [one for one in shown if not one.control] == suspects[: count - controls]
    assert shown == with_controls(judged, evidence, suspects, count)
