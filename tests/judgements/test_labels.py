from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.judgements import Judgement, labels_of
from labeler.judgements.labels import missing_topic_notes, overruled_parent_notes
from labeler.topics import Mode, Scheme, Topic
from tests.judgements.factories import judgement, scheme


def votes(*answers: str) -> list[Judgement]:
    """Judgements of one paper by several annotators, each in an annotation of its own."""
    return [judgement(yes, number=number, annotator=f"person {number}") for number, yes in enumerate(answers)]


def label_of(judgements: list[Judgement], mode: Mode = Mode.MULTI) -> tuple[set[str], set[str]]:
    (item,) = labels_of(judgements, scheme(mode)).papers
    return set(item.yes), set(item.no)


def test_no_judgements_are_no_labels() -> None:
    labels = labels_of([], scheme())
    assert (labels.papers, labels.ties, labels.count("llm")) == ([], [], 0)


def test_the_majority_decides_each_topic_for_itself() -> None:
    assert label_of(votes("llm vision", "llm", "speech llm")) == ({"llm"}, {"vision", "speech"})


def test_a_tie_is_listed_for_review_and_not_decided() -> None:
    labels = labels_of(votes("llm vision", "llm"), scheme())
    assert [(tie.topic, tie.votes) for tie in labels.ties] == [("vision", (("yes", 1), ("no", 1)))]
    assert label_of(votes("llm vision", "llm")) == ({"llm"}, {"speech"})


def test_the_latest_judgement_of_an_annotator_counts_once() -> None:
    judgements = [
        judgement("vision", number=1, at="2026-03-02"),
        judgement("llm", number=2, at="2026-03-01"),
        judgement("vision", number=3, annotator="bo"),
    ]
    assert label_of(judgements) == ({"vision"}, {"llm", "speech"})
    assert labels_of(judgements, scheme()).ties == []


def test_the_latest_answer_on_each_topic_counts_where_less_was_offered_later() -> None:
    judgements = [
        judgement("llm", number=1, at="2026-03-01"),
        judgement("", number=2, at="2026-03-02", offered=("vision",)),
    ]
    assert label_of(judgements) == ({"llm"}, {"vision", "speech"})


def test_a_topic_that_was_not_offered_is_unknown() -> None:
    assert label_of([judgement("llm", offered=("llm", "vision"))]) == ({"llm"}, {"vision"})


def test_none_of_these_is_a_no_to_all_that_was_offered() -> None:
    assert label_of([judgement("", offered=("llm", "vision"))]) == (set(), {"llm", "vision"})


def test_an_unknown_label_alone_teaches_nothing() -> None:
    assert labels_of([judgement("", offered=(), unknown=("nlp",))], scheme()).papers == []


@pytest.mark.parametrize("kind", [{"status": "skipped"}, {"status": "withdrawn"}, {"unsure": True}])
@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_skipped_withdrawn_and_unsure_ones_are_not_trained_on(kind: dict[str, object], mode: Mode) -> None:
    assert labels_of([judgement("llm", **kind)], scheme(mode)).papers == []
    assert label_of([*votes("vision"), judgement("llm", number=9, **kind)], mode)[0] == {"vision"}


@pytest.mark.parametrize("kind", [{"status": "withdrawn"}, {"unsure": True}, {"yes": "vision"}])
def test_what_was_superseded_does_not_count(kind: dict[str, str]) -> None:
    old = judgement("llm")
    new = judgement(**({"yes": "llm", "at": "2026-03-02"} | kind)).superseding(old.id)  # type: ignore[arg-type]
    assert [set(item.yes) for item in labels_of([old, new], scheme()).papers] == ([{"vision"}] if "yes" in kind else [])


@pytest.mark.parametrize("kind", [{"status": "skipped"}, {"unsure": True}])
def test_of_two_corrections_made_on_two_branches_the_later_counts(kind: dict[str, object]) -> None:
    old = judgement("llm")
    here = judgement("vision", at="2026-03-02").superseding(old.id)
    there = judgement("speech", at="2026-03-03", **kind).superseding(old.id)
    assert labels_of([old, here, there], scheme()).papers == []


def test_topics_that_left_the_scheme_are_no_labels() -> None:
    assert label_of([judgement("llm gone", offered=("llm", "gone", "vision"))]) == ({"llm"}, {"vision"})
    assert labels_of([judgement("gone", offered=("gone",))], scheme()).papers == []


def test_topics_that_went_into_others_count_as_these_before_the_log_is_migrated() -> None:
    merged = Scheme(Mode.MULTI, (Topic("llm", "Language models", aliases=("gone",)), Topic("vision", "Vision")))
    told = [judgement("gone", offered=("llm", "gone", "vision"))]
    (item,) = labels_of(told, merged).papers
    assert (item.yes, item.no, item.by) == ({"llm"}, {"vision"}, {"llm": ("ada",)})
    assert missing_topic_notes(told, merged) == []


@pytest.mark.parametrize("first", [["arxiv:2503.11731"], []])
def test_judgements_find_their_paper_by_any_id(first: list[str]) -> None:
    judgements = [
        judgement("llm", number=1, ids=first),
        judgement("llm vision", number=2, annotator="bo", ids=["arxiv:2503.11731", "doi:10.1000/x"]),
        judgement("llm vision", number=3, annotator="cy", ids=["doi:10.1000/x"]),
    ]
    (item,) = labels_of(judgements, scheme()).papers
    assert (item.paper.id, item.yes) == ("arxiv:2503.11731", {"llm", "vision"})


def test_two_papers_of_one_title_stay_two() -> None:
    judgements = [
        judgement("llm", number=1, title="Editorial", abstract="Owls hunt at night in the woods."),
        judgement("vision", number=2, title="Editorial", abstract="Trains keep time on long rails."),
    ]
    assert sorted(map(sorted, (item.yes for item in labels_of(judgements, scheme()).papers))) == [["llm"], ["vision"]]


def test_counts_and_order_follow_the_papers() -> None:
    judgements = [judgement("llm", number=n, title=f"Paper {n}", ids=[f"arxiv:2503.0000{n}"]) for n in (3, 1, 2)]
    labels = labels_of(judgements, scheme())
    assert [item.paper.title for item in labels.papers] == ["Paper 1", "Paper 2", "Paper 3"]
    assert (labels.count("llm"), labels.count("vision")) == (3, 0)


def test_single_mode_one_topic_excludes_the_others() -> None:
    assert label_of(votes("llm", "llm", "vision"), Mode.SINGLE) == ({"llm"}, {"vision", "speech"})


def test_single_mode_none_of_these_wins_by_majority_and_is_a_no_to_what_was_offered() -> None:
    assert label_of(votes("", "", "vision"), Mode.SINGLE) == (set(), {"llm", "vision", "speech"})


@pytest.mark.parametrize(
    "answers", [("llm", "vision"), ("llm", ""), ("llm", "vision", "speech"), ("llm", "llm", "", "")]
)
def test_single_mode_a_tie_goes_to_review(answers: tuple[str, ...]) -> None:
    labels = labels_of(votes(*answers), scheme(Mode.SINGLE))
    assert labels.papers == []
    (tie,) = labels.ties
    assert dict(tie.votes) == {topic or "none of these": answers.count(topic) for topic in answers}


def test_single_mode_several_topics_and_topics_that_left_give_no_label() -> None:
    assert labels_of([*votes("llm vision"), judgement("gone", number=5)], scheme(Mode.SINGLE)).papers == []


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "llm", "vision", "llm vision"]),
            st.sampled_from(["ada", "bo", "cy"]),
            st.integers(1, 4),
            st.sampled_from(["judged", "skipped"]),
            st.sampled_from([("llm",), ("llm", "vision")]),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
    st.sampled_from([Mode.MULTI, Mode.SINGLE]),
)
def test_the_order_of_judgements_does_not_matter_and_no_topic_is_both(
    answers: list[tuple[str, str, int, str, tuple[str, ...]]], random: object, mode: Mode
) -> None:
    judgements = [
        judgement(yes, number=n, annotator=who, at=f"2026-03-0{day}", status=status, offered=offered)
        for n, (yes, who, day, status, offered) in enumerate(answers)
    ]
    labels = labels_of(judgements, scheme(mode))
    random.shuffle(judgements)  # type: ignore[attr-defined]
    assert labels_of(judgements, scheme(mode)) == labels
    assert all(not item.yes & item.no for item in labels.papers)
    assert all(tie.topic not in item.yes | item.no for item in labels.papers for tie in labels.ties)


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_a_later_unsure_judgement_cancels_the_earlier_one(mode: Mode) -> None:
    sure = judgement("llm", number=1, at="2026-03-01T10:00:00Z")
    unsure = judgement("vision", number=2, at="2026-03-02T10:00:00Z", unsure=True)
    assert labels_of([sure, unsure], scheme(mode)).papers == []


def test_topics_that_left_are_reported_with_their_current_counts() -> None:
    first, other = judgement("gone llm", number=1), judgement("gone", number=2)
    assert missing_topic_notes([judgement("llm", number=3)], scheme()) == []
    (note,) = missing_topic_notes([first, other, judgement("lost", number=3)], scheme())
    assert "not learned, whoever said yes to them: 'gone' (2 judgements), 'lost' (1 judgement); to keep" in note
    assert note.endswith("run `labeler topics migrate`")
    corrected = judgement("llm", number=1, at="2026-03-02T10:00:00Z").superseding(first.id)
    (note,) = missing_topic_notes([first, other, corrected], scheme())
    assert "'gone' (1 judgement); to keep" in note
    withdrawn = judgement("", number=2, at="2026-03-02T10:00:00Z", status="withdrawn").superseding(other.id)
    assert missing_topic_notes([first, other, corrected, withdrawn], scheme()) == []


def test_an_annotation_without_a_number_never_took_the_place_of_one_of_another_paper() -> None:
    """Logs of the first version say that it did."""
    nothing = {"server": None, "project": None, "task": None, "annotation": None, "created_at": ""}
    first = judgement("llm", title="Owls", source=nothing, at="")
    second = judgement("vision", title="Rails", source=nothing, at="").superseding(first.id)
    found = labels_of([first, second], scheme())
    assert sorted(sorted(item.yes) for item in found.papers) == [["llm"], ["vision"]]
    corrected = judgement("speech", title="Rails", source=nothing, at="").superseding(second.id)
    found = labels_of([first, second, corrected], scheme())
    assert sorted(sorted(item.yes) for item in found.papers) == [["llm"], ["speech"]]


def test_a_correction_counts_though_the_paper_of_the_annotation_was_given_another_text() -> None:
    source = {"annotation": 1, "created_at": "2026-03-01T09:00:00.000001Z"}
    first = judgement("llm", title="Owls", source=source)
    second = judgement("vision", title="Rails", source=source).superseding(first.id)
    assert [set(item.yes) for item in labels_of([first, second], scheme()).papers] == [{"vision"}]


TREE = Scheme(
    Mode.MULTI,
    (
        Topic("ai", "AI"),
        Topic("nlp", "NLP", parent="ai"),
        Topic("llm", "LLM", parent="nlp"),
        Topic("vision", "Vision", parent="ai"),
        Topic("health", "Health"),
    ),
)


def tree_votes(*answers: tuple[str, str]) -> list[Judgement]:
    """Judgements of several annotators: the topics chosen, of those offered."""
    return [
        judgement(yes, number=number, annotator=f"person {number}", offered=tuple(offered.split()))
        for number, (yes, offered) in enumerate(answers)
    ]


EVERY = "ai nlp llm vision health"


@pytest.mark.parametrize(
    ("answers", "yes", "no", "ties"),
    [
        ([("llm", EVERY)], {"llm", "nlp", "ai"}, {"vision", "health"}, []),
        ([("llm", "llm")], {"llm", "nlp", "ai"}, set(), []),
        ([("", "ai")], set(), {"ai", "nlp", "llm", "vision"}, []),
        ([("", "nlp")], set(), {"nlp", "llm"}, []),
        ([("llm", EVERY), ("ai nlp", EVERY)], {"ai", "nlp"}, {"vision", "health"}, ["llm"]),
        ([("llm", EVERY), ("ai", EVERY), ("ai", EVERY)], {"ai"}, {"nlp", "llm", "vision", "health"}, []),
        ([("llm", EVERY), ("", EVERY)], set(), {"vision", "health"}, ["ai", "llm", "nlp"]),
        ([("llm", EVERY), ("", "ai"), ("", "ai")], set(), {"ai", "nlp", "llm", "vision", "health"}, []),
    ],
)
def test_each_annotator_s_yes_goes_up_and_no_goes_down_before_the_vote(
    answers: list[tuple[str, str]], yes: set[str], no: set[str], ties: list[str]
) -> None:
    labels = labels_of(tree_votes(*answers), TREE)
    assert [(set(item.yes), set(item.no)) for item in labels.papers] == ([(yes, no)] if yes or no else [])
    assert [tie.topic for tie in labels.ties] == ties


def test_the_yes_counts_where_the_same_person_says_no_to_the_topic_above() -> None:
    told = [
        judgement("", number=1, at="2026-03-01", offered=("ai", "health")),
        judgement("llm", number=2, at="2026-03-02", offered=("llm",)),
    ]
    (item,) = labels_of(told, TREE).papers
    assert (item.yes, item.no) == ({"ai", "nlp", "llm"}, {"health"})
    assert item.by == {"ai": ("ada",), "nlp": ("ada",), "llm": ("ada",)}
    assert told[0].no == ("ai", "health"), "the log keeps what was said"


def test_a_topic_of_which_a_person_is_unsure_says_nothing_of_others() -> None:
    unsure = judgement("llm", number=2, at="2026-03-02", unsure=True, offered=("llm",))
    assert labels_of([unsure], TREE).papers == []
    (item,) = labels_of([judgement("ai", number=1, at="2026-03-01", offered=("ai",)), unsure], TREE).papers
    assert (item.yes, item.no) == ({"ai"}, set())


def test_topics_chosen_without_the_one_above_are_told() -> None:
    told = [
        judgement("llm", number=1, offered=("ai", "llm")),
        judgement("llm ai nlp", number=2, offered=("ai", "nlp", "llm")),
        judgement("llm", number=3, offered=("ai", "llm"), unsure=True),
        judgement("vision", number=4, offered=(), no=("ai",)),
    ]
    (note,) = overruled_parent_notes(told, TREE)
    assert "LLM without AI (1)" in note
    assert "Vision without AI (1)" in note
    assert overruled_parent_notes(told[1:3], TREE) == []
    assert overruled_parent_notes(told, scheme()) == []


def test_single_mode_the_label_stays_the_topic_that_was_chosen() -> None:
    single = Scheme(Mode.SINGLE, TREE.topics)
    (item,) = labels_of([judgement("llm", offered=tuple(EVERY.split()))], single).papers
    assert (item.yes, item.no) == ({"llm"}, {"ai", "nlp", "vision", "health"})
    (item,) = labels_of([judgement("ai nlp llm", offered=tuple(EVERY.split()))], single).papers
    assert item.yes == {"llm"}, "of topics above each other, the most specific one"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(EVERY.split()), max_size=3, unique=True),
            st.lists(st.sampled_from(EVERY.split()), max_size=5, unique=True),
            st.sampled_from(["ada", "bo", "cy"]),
            st.booleans(),
        ),
        max_size=6,
    )
)
def test_labels_are_consistent_with_the_parents(answers: list[tuple[list[str], list[str], str, bool]]) -> None:
    judgements = [
        judgement(" ".join(yes), number=n, annotator=who, at=f"2026-03-0{n + 1}", offered=tuple(offered), unsure=unsure)
        for n, (yes, offered, who, unsure) in enumerate(answers)
    ]
    for item in labels_of(judgements, TREE).papers:
        assert TREE.hierarchy.closed(item.yes, item.no) == (item.yes, item.no)


@pytest.mark.parametrize("mode", list(Mode))
def test_the_verdict_of_an_adjudicator_outranks_all(mode: Mode) -> None:
    judgements = [*votes("llm", "llm", "vision"), judgement("vision", number=9, annotator="eve", role="adjudicator")]
    assert label_of(judgements, mode) == ({"vision"}, {"llm", "speech"})
    undecided = [*votes("llm", "llm"), judgement("vision", number=9, annotator="eve", role="adjudicator", unsure=True)]
    assert label_of(undecided, mode) == ({"llm"}, {"vision", "speech"})


def test_a_verdict_on_one_topic_leaves_the_others_to_the_vote() -> None:
    verdict = judgement("", number=9, annotator="eve", role="adjudicator", offered=("vision",))
    labels = labels_of([*votes("llm vision", "llm"), verdict], scheme())
    assert labels.ties == []
    assert label_of([*votes("llm vision", "llm"), verdict]) == ({"llm"}, {"vision", "speech"})


def test_settled_answers_take_the_place_of_votes() -> None:
    judgements = votes("llm", "vision")
    paper = judgements[0].paper
    settled = {"llm": False, "vision": True, "speech": False}
    for mode in Mode:
        (item,) = labels_of(judgements, scheme(mode), {paper: settled}).papers
        assert (item.yes, item.no) == ({"vision"}, {"llm", "speech"})
        assert item.by == {"vision": ("person 1",)}
    verdict = judgement("llm", number=9, annotator="eve", role="adjudicator")
    assert label_of([*judgements, verdict], Mode.SINGLE) == ({"llm"}, {"vision", "speech"})
