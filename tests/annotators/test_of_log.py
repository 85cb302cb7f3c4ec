from __future__ import annotations

from dataclasses import replace

from labeler.annotators.of_log import ratings_of_log
from labeler.annotators.ratings import Ratings
from labeler.judgements import Judgement
from labeler.judgements.rename import renamed
from labeler.topics import Mode, Scheme, Topic
from tests.judgements.factories import judgement, scheme


def said(ratings: Ratings) -> dict[str, list[int]]:
    (answers,) = ratings.answers
    return dict(zip(ratings.annotators, answers.tolist(), strict=True))


def test_the_latest_judgement_of_each_annotator_counts() -> None:
    first = judgement("llm", number=1)
    log = [first, judgement("vision", number=2, annotator="bo")]
    log.append(judgement("vision", number=1, at="2026-03-02T10:00:00Z").superseding(first.id))
    found = ratings_of_log(log, scheme())
    assert said(found) == {"ada": [0, 1, 0], "bo": [0, 1, 0]}
    assert [(one.annotator, one.again) for one in found.repeats] == [("ada", False)]
    assert found.times == ("2026-03-02T10:00:00",)


def test_what_does_not_count_in_the_vote_does_not_count_here() -> None:
    log = [
        judgement("llm", number=1),
        judgement("vision", number=2, annotator="bo", unsure=True),
        judgement("", number=3, annotator="cy", status="skipped"),
        judgement("", number=4, annotator="di", status="withdrawn"),
        judgement("speech", number=5, annotator="ed"),
    ]
    for mode in Mode:
        found = ratings_of_log(log, scheme(mode))
        assert found.annotators == ("ada", "ed")
        assert found.judgements == 2


def test_topics_that_were_not_offered_are_unknown() -> None:
    log = [judgement("llm", number=1), judgement("llm", number=2, annotator="bo", offered=("llm", "speech"))]
    assert said(ratings_of_log(log, scheme())) == {"ada": [1, 0, 0], "bo": [1, -1, 0]}


def test_answers_are_completed_by_the_hierarchy() -> None:
    topics = Scheme(Mode.MULTI, (Topic("ai", "AI"), Topic("llm", "LLM", parent="ai"), Topic("vision", "Vision")))
    log = [
        judgement("llm", number=1, offered=("llm", "vision")),
        judgement("", number=2, annotator="bo", offered=("ai", "vision")),
    ]
    assert said(ratings_of_log(log, topics)) == {"ada": [1, 1, 0], "bo": [0, 0, 0]}


def test_in_single_mode_the_topic_and_none_of_these_are_answers() -> None:
    log = [
        judgement("llm", number=1),
        judgement("", number=2, annotator="bo"),
        judgement("llm vision", number=3, annotator="cy"),
    ]
    found = ratings_of_log(log, scheme(Mode.SINGLE))
    assert said(found) == {"ada": [1, 0, 0], "bo": [0, 0, 0]}


def test_who_was_asked_twice_answers_again() -> None:
    log = [judgement("llm", number=1), judgement("vision", number=2, at="2026-05-01T10:00:00Z")]
    found = ratings_of_log(log, scheme())
    (repeat,) = found.repeats
    assert (repeat.annotator, repeat.again) == ("ada", True)
    assert [topic for topic, applies in repeat.earlier.items() if applies] == ["llm"]
    assert [topic for topic, applies in repeat.later.items() if applies] == ["vision"]


def test_a_migration_is_no_answer() -> None:
    first = judgement("llm", number=1)
    (carried,) = renamed([first], {"llm": "vision"})
    found = ratings_of_log([first, carried, judgement("vision", number=2, annotator="bo")], scheme())
    assert found.repeats == ()
    assert said(found)["ada"] == [-1, 1, 0]


def test_merged_topics_count_as_what_they_became() -> None:
    topics = Scheme(Mode.MULTI, (Topic("ai", "AI", aliases=("llm", "vision")), Topic("speech", "Speech")))
    log = [judgement("llm", number=1), judgement("vision", number=2, annotator="bo")]
    assert said(ratings_of_log(log, topics)) == {"ada": [1, 0], "bo": [1, 0]}


def test_the_order_of_the_log_changes_nothing() -> None:
    log: list[Judgement] = [
        judgement(yes, number=number, annotator=f"p{number % 3}", title=f"The paper number {number // 3}")
        for number, yes in enumerate(["llm", "vision", "llm vision", "", "speech", "llm"])
    ]
    log.append(replace(log[0], at="2026-06-01T10:00:00Z", id="", yes=("speech",)).superseding(log[0].id))
    one, other = ratings_of_log(log, scheme()), ratings_of_log(log[::-1], scheme())
    assert one.ids == other.ids
    assert (one.answers == other.answers).all()


def test_verdicts_of_adjudicators_are_no_answers() -> None:
    log = [judgement("llm", number=1), judgement("vision", number=2, annotator="ben")]
    verdict = judgement("llm", number=3, annotator="ben", at="2026-04-01", role="adjudicator")
    ratings = ratings_of_log([*log, verdict], scheme())
    assert ratings.judgements == 2
    assert ratings.repeats == ()
