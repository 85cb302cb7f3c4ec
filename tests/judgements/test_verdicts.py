from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.errors import InputError
from labeler.files import json_line
from labeler.judgements import Judgement, labels_of
from labeler.judgements.verdicts import Verdict, Verdicts
from labeler.papers import Paper
from labeler.topics import Mode, Scheme, Topic
from tests.judgements.factories import TOPICS, judgement, scheme, written


def verdict_on(
    tmp_path: Path, judgements: Sequence[Judgement], paper: Paper | None = None, of: Scheme | None = None
) -> Verdict | None:
    log = written(tmp_path / "judgements.jsonl", judgements)
    (verdict,) = Verdicts(log, of or scheme()).of([paper or judgements[0].as_paper()])
    return verdict


def test_what_people_say_is_the_verdict_with_their_names(tmp_path: Path) -> None:
    said = [
        judgement("llm vision", number=1),
        judgement("llm", number=2, annotator="bo"),
        judgement("llm", number=3, annotator="cy"),
    ]
    verdict = verdict_on(tmp_path, said)
    assert verdict is not None
    assert (dict(verdict.yes), verdict.no, verdict.tied) == ({"llm": ("ada", "bo", "cy")}, {"vision", "speech"}, set())
    assert verdict.complete


@pytest.mark.parametrize("kind", [{"status": "skipped"}, {"status": "withdrawn"}, {"unsure": True}])
def test_who_skips_or_is_unsure_says_nothing(tmp_path: Path, kind: dict[str, object]) -> None:
    assert verdict_on(tmp_path, [judgement("llm", **kind)]) is None


def test_a_corrected_judgement_counts_even_where_the_correction_tells_another_paper(tmp_path: Path) -> None:
    old = judgement("llm")
    new = judgement("vision", title="Another title", at="2026-03-02").superseding(old.id)
    assert verdict_on(tmp_path, [old, new]) is None
    verdict = verdict_on(tmp_path / "other", [old, new], new.as_paper())
    assert verdict is not None
    assert set(verdict.yes) == {"vision"}


@pytest.mark.parametrize(
    ("answers", "mode", "yes", "tied", "complete"),
    [
        ([""], Mode.MULTI, [], [], True),
        (["llm", "vision"], Mode.MULTI, [], ["llm", "vision"], False),
        (["llm", ""], Mode.SINGLE, [], list(TOPICS), False),
        ([""], Mode.SINGLE, [], [], True),
        (["llm"], Mode.SINGLE, ["llm"], [], True),
    ],
)
def test_none_of_these_and_ties(
    tmp_path: Path, answers: list[str], mode: Mode, yes: list[str], tied: list[str], complete: bool
) -> None:
    said = [judgement(answer, number=n, annotator=f"person {n}") for n, answer in enumerate(answers)]
    verdict = verdict_on(tmp_path, said, of=scheme(mode))
    assert verdict is not None
    assert (list(verdict.yes), set(verdict.tied), verdict.complete) == (yes, set(tied), complete)


def test_a_topic_that_nobody_was_asked_for_leaves_it_incomplete(tmp_path: Path) -> None:
    verdict = verdict_on(tmp_path, [judgement("llm", offered=("llm", "vision"))])
    assert verdict is not None
    assert (dict(verdict.yes), verdict.no, verdict.complete) == ({"llm": ("ada",)}, {"vision"}, False)
    none = verdict_on(tmp_path / "single", [judgement("", offered=("llm", "vision"))], of=scheme(Mode.SINGLE))
    assert none is not None
    assert (none.no, none.complete) == ({"llm", "vision"}, False)


def test_hidden_topics_are_not_spoken_of_and_merged_ones_are_those_they_went_into(tmp_path: Path) -> None:
    hidden = Scheme(Mode.MULTI, (Topic("llm", "LLM", hidden=True), Topic("vision", "V"), Topic("speech", "S")))
    verdict = verdict_on(tmp_path, [judgement("llm")], of=hidden)
    assert verdict is not None
    assert (dict(verdict.yes), verdict.no, verdict.complete) == ({}, {"vision", "speech"}, True)
    merged = Scheme(Mode.MULTI, (Topic("text", "Text", aliases=("llm",)), Topic("vision", "V"), Topic("speech", "S")))
    verdict = verdict_on(tmp_path / "merged", [judgement("llm")], of=merged)
    assert verdict is not None
    assert (dict(verdict.yes), verdict.complete) == ({"text": ("ada",)}, True)


@pytest.mark.parametrize(
    ("ids", "title", "abstract", "known"),
    [
        (["arxiv:2503.11731"], "Another title", "Another abstract.", True),
        (["doi:10.1000/x"], "Another title", "Another abstract.", True),
        ([], "Robots that walk on two legs", "They walk and they fall, on grass and sand, for eight hours.", True),
        (
            [],
            "Robots that walk on two legs",
            "A comment on rivers, boats, fish, nets, weather and the price of bread.",
            False,
        ),
        (["arxiv:2503.11732"], "Another title", "Another abstract.", False),
    ],
)
def test_a_paper_is_found_by_any_identifier_or_by_its_texts(
    tmp_path: Path, ids: list[str], title: str, abstract: str, known: bool
) -> None:
    text = "They walk and they fall, on grass and sand, for eight hours."
    said = judgement("llm", title="Robots that walk on two legs", abstract=text, ids=["arxiv:2503.11731"])
    also = judgement("llm", number=2, annotator="bo", title="Legs", ids=["arxiv:2503.11731", "doi:10.1000/x"])
    paper = Paper.make(title, abstract, ids=ids)
    assert (verdict_on(tmp_path, [said, also], paper) is not None) == known


def test_of_papers_of_one_title_each_has_its_own_verdict(tmp_path: Path) -> None:
    said = [
        judgement("llm", number=1, title="Editorial", abstract="Owls hunt at night in the woods."),
        judgement("vision", number=2, title="Editorial", abstract="Trains keep time on long rails."),
    ]
    found = Verdicts(written(tmp_path / "log", said), scheme()).of([one.as_paper() for one in said])
    assert [set(verdict.yes) for verdict in found if verdict] == [{"llm"}, {"vision"}]
    assert verdict_on(tmp_path / "other", said, Paper.make("Editorial", "Bread.")) is None


@pytest.mark.parametrize("mode", list(Mode))
def test_what_is_settled_is_no_tie(tmp_path: Path, mode: Mode) -> None:
    tied = [judgement("llm", number=1, ids=["doi:10.1000/x"]), judgement("vision", number=2, annotator="bo")]
    alone = judgement("llm", number=3, title="Another")
    of_one_mind = [judgement("llm", number=n, title="A third", annotator=who) for n, who in ((4, "ada"), (5, "bo"))]
    log = written(tmp_path / "log", [*tied, alone, *of_one_mind])
    asked = []

    def settled() -> dict[str, dict[str, bool]]:
        asked.append(1)
        return {tied[0].paper: {"llm": True, "vision": False, "speech": False}}

    verdicts = Verdicts(log, scheme(mode), settled=settled)
    assert None not in verdicts.of([alone.as_paper(), of_one_mind[0].as_paper()])
    assert not asked  # nobody differs
    for paper in (tied[0].as_paper(), tied[1].as_paper()):
        (verdict,) = verdicts.of([paper])
        assert verdict is not None
        assert (dict(verdict.yes), set(verdict.tied), verdict.complete) == ({"llm": ("ada",)}, set(), True)
    assert len(asked) == 1


def test_a_log_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        Verdicts(tmp_path, scheme())


def test_lines_that_are_written_otherwise_or_damaged_do_not_matter(tmp_path: Path) -> None:
    import json

    said = judgement("llm", ids=["doi:10.1000/[x]"])
    odd = json.dumps(dict(reversed(judgement("vision", number=2, title="Odd").to_dict().items())), indent=None)
    log = tmp_path / "log"
    log.write_text(f"{json_line(said.to_dict())}\r\n{{}}\n\x00\n{odd}\n{json_line(said.to_dict())}", encoding="utf-8")
    verdicts = Verdicts(log, scheme())
    first, second = verdicts.of([said.as_paper(), Paper.make("Odd", "Odd says little.")])
    assert first is not None
    assert second is not None
    assert (dict(first.yes), set(second.yes)) == ({"llm": ("ada",)}, {"vision"})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "llm", "vision", "llm vision"]),
            st.sampled_from(["ada", "bo", "cy"]),
            st.sampled_from(["judged", "skipped", "withdrawn"]),
            st.sampled_from(["One", "Two", "Three"]),
            st.sets(st.sampled_from(["arxiv:2503.11731", "doi:10.1000/x", "pmid:7"]), max_size=2),
            st.integers(0, 3),
        ),
        max_size=8,
    ),
    st.sampled_from([Mode.MULTI, Mode.SINGLE]),
)
def test_the_verdicts_are_the_labels_of_the_whole_log(
    tmp_path: Path, answers: list[tuple[str, str, str, str, set[str], int]], mode: Mode
) -> None:
    judgements: list[Judgement] = []
    for n, (yes, who, status, title, ids, before) in enumerate(answers):
        said = judgement(yes, number=n, annotator=who, at=f"2026-03-0{n + 1}", status=status, title=title, ids=ids)
        judgements.append(said.superseding(judgements[before].id) if before < n - 1 else said)
    log = tmp_path / "log"
    log.write_text("".join(json_line(said.to_dict()) + "\n" for said in judgements))
    labels = labels_of(judgements, scheme(mode))
    verdicts = Verdicts(log, scheme(mode))
    for item in labels.papers:
        (verdict,) = verdicts.of([item.paper])
        assert verdict is not None
        assert (set(verdict.yes), set(verdict.no)) == (item.yes, item.no)
    for tie in labels.ties:
        (verdict,) = verdicts.of([tie.paper])
        assert verdict is not None
        assert not verdict.complete
        assert tie.topic is None or tie.topic in verdict.tied
