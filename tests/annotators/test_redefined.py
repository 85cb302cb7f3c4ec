from __future__ import annotations

from dataclasses import replace

from labeler.annotators.agreement import agreement_of
from labeler.annotators.of_log import ratings_of_log
from labeler.annotators.redefined import Known, changed_since, redefined_topics
from labeler.annotators.verdict import sentences
from labeler.judgements import Judgement
from labeler.topics import Mode, Scheme
from tests.judgements.factories import judgement, scheme

OLD, NEW = "2026-03-10T00:00:00Z", "2026-03-20T00:00:00Z"


def with_definition(topic: str, definition: str, mode: Mode = Mode.MULTI) -> Scheme:
    """The scheme of three topics, one of which is defined."""
    topics = scheme(mode).topics
    return Scheme(mode, tuple(one._replace(definition=definition) if one.id == topic else one for one in topics))


def study() -> list[Judgement]:
    """Two people who disagree on half of the papers of llm before the day of OLD, and on none since that of NEW."""
    log = []
    for number in range(120):
        later = number >= 60
        first = "llm" if number % 2 else "vision"
        second = first if later or number % 4 else "llm"
        at = f"2026-03-{25 if later else 1:02}T10:00:00Z"
        for who, said in (("ada", first), ("bo", second)):
            one = judgement(said, number=2 * number + (who == "bo"), at=at, annotator=who, title=f"Paper {number:03}")
            log.append(one)
    return log


def test_agreement_is_told_on_both_sides_of_the_change() -> None:
    known = [Known(OLD, "mine@1", with_definition("llm", "Any")), Known(NEW, "mine@2", with_definition("llm", "Large"))]
    today = with_definition("llm", "Large")
    (found,) = redefined_topics(study(), today, known)
    assert (found.topic, found.last.label, found.first.label) == ("llm", "mine@1", "mine@2")
    assert found.before is not None
    assert found.after is not None
    assert (found.before.papers, found.after.papers) == (60, 60)
    assert found.before.disputed == 15
    assert found.after.alpha.value == 1
    told = sentences(agreement_of(ratings_of_log(study(), today))._replace(redefined=[found]), {"llm": "LLMs"})
    (line,) = [line for line in told if "changed" in line]
    assert line.startswith("The definition of LLMs changed between 2026-03-10 and 2026-03-20 (by the schemes of mine@1")
    assert line.endswith("of 60: it rose.")
    assert found.to_dict()["until"] == OLD


def test_what_was_judged_between_the_models_counts_on_neither_side() -> None:
    log = [replace(one, at="2026-03-15T10:00:00Z", id="") for one in study()]
    known = [Known(OLD, "mine@1", scheme()), Known(NEW, "mine@2", with_definition("llm", "Large"))]
    (found,) = redefined_topics(log, with_definition("llm", "Large"), known)
    assert found.before is None
    assert found.after is None
    told = sentences(agreement_of(ratings_of_log(log, scheme()))._replace(redefined=[found]), {})
    assert any(line.endswith(": too few to compare.") for line in told)


def test_a_definition_that_never_changed_is_not_told() -> None:
    known = [Known(OLD, "mine@1", scheme()), Known(NEW, "mine@2", scheme())]
    assert redefined_topics(study(), scheme(), known) == []
    assert redefined_topics(study(), scheme(), known[:1]) == []
    assert redefined_topics(study(), scheme(), []) == []


def test_the_latest_change_counts_in_whichever_order_models_are_given() -> None:
    known = [Known(f"2026-03-{day}T00:00:00Z", f"mine@{day}", with_definition("llm", text)) for day, text in
             ((10, "a"), (12, "b"), (14, "b"), (20, "c"), (22, "c"))]  # fmt: skip
    (found,) = redefined_topics(study(), scheme(), known[::-1])
    assert (found.last.label, found.first.label) == ("mine@14", "mine@20")


def test_changes_since_the_newest_model() -> None:
    assert changed_since(with_definition("vision", "Images"), scheme()) == ["vision"]
    assert changed_since(scheme(), Scheme(Mode.MULTI, scheme().topics[:1])) == []
