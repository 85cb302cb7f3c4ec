from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk.label_interface import LabelInterface

from labeler.config import find_workspace
from labeler.digests import read_inputs
from labeler.errors import InputError, NotFoundError, RefusedError
from labeler.features.background import NO_BACKGROUND, shipped
from labeler.flows.export import ExportResult, tasks_for
from labeler.judgements import Judgement, JudgementLog
from labeler.modelstore import ModelStore
from labeler.sampling.pick import choose
from labeler.sampling.registry import STRATEGIES
from labeler.score.decision import Decision
from labeler.score.persistence import load_model
from labeler.studio.interface import interface
from labeler.suggest.advice import adviser_of
from labeler.suggest.queue import AUDIT, Picking, pick
from labeler.topics import load_scheme
from tests.judgements.factories import judgement


def tasks_of(
    *inputs: Path, model: str | None = None, include_judged: bool = False, form: str | None = None
) -> ExportResult:
    return tasks_for(find_workspace(), [str(name) for name in inputs], form, model, include_judged)


def papers(path: Path, *ids: str) -> Path:
    """A digest of papers that share nothing but what their ids say."""
    rows = [{"title": f"On {name}", "abstract": f"All of {name} is {name}.", "ids": [name]} for name in ids]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def judge(workspace: Path, *judgements: Judgement) -> None:
    JudgementLog(workspace / "annotations" / "judgements.jsonl").update(lambda _: judgements)


def titles(found: ExportResult) -> list[str]:
    return [entry["data"]["title"] for entry in found.tasks]


def ticked(entry: dict[str, Any]) -> list[str]:
    """What a task's prediction ticks."""
    return [label for row in entry["predictions"][0]["result"] for label in row["value"]["choices"]]


def decided(trained: Path, entry: dict[str, Any]) -> Decision:
    """What the model says of a task's paper."""
    precision = ModelStore(trained / "models").find("mine@1").precision
    text = f"{entry['data']['title']}\n{entry['data']['abstract']}"
    return load_model(trained / "models/mine/1").decide([text], precision)[0]


def test_without_a_model_every_paper_is_a_task_without_a_suggestion(workspace: Path, digest: Path) -> None:
    found = tasks_of(digest)
    assert (len(found.tasks), found.judged_before, found.model) == (24, 0, None)
    assert all(entry["predictions"] == [] for entry in found.tasks)
    assert {entry["data"]["reason"] for entry in found.tasks} == {"new paper, no model yet"}
    assert found.tasks[0]["data"]["offered"] == "llm agents vision generation speech robotics science safety"


def test_with_a_model_the_least_sure_come_first_and_label_studio_accepts_all(trained: Path, digest: Path) -> None:
    found = tasks_of(digest)
    scores = [entry["predictions"][0]["score"] for entry in found.tasks]
    assert (len(scores), scores, found.model) == (24, sorted(scores), "mine@1")
    label_interface = LabelInterface(interface(load_scheme(trained / "annotations" / "topics.toml")))
    for entry in found.tasks:
        assert label_interface.validate_prediction(entry["predictions"][0], return_errors=True) == []
        reason, decision = entry["data"]["reason"], decided(trained, entry)
        assert len(entry["predictions"][0]["result"]) == bool(decision.topics or decision.decision == "none")
        assert sorted(ticked(entry)) == sorted(decision.topics or ["None of these"] * (decision.decision == "none"))
        assert reason.startswith("the model suggests ") if decision.topics else reason == "the model finds no topic"
    assert any("going by: " in entry["data"]["reason"] for entry in found.tasks)


@pytest.fixture(autouse=True)
def _no_audits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "0")


@pytest.mark.slow
def test_all_papers_are_in_the_order_of_the_strategy_that_asks_the_least_sure(trained: Path, digest: Path) -> None:
    assert titles(tasks_of(digest)) == titles(chosen(digest, 24, "margin"))


def test_the_score_of_a_prediction_is_the_place_in_the_queue(trained: Path, digest: Path) -> None:
    for found in (tasks_of(digest), chosen(digest, 24, "mix"), chosen(digest, 24, "random")):
        scores = [entry["predictions"][0]["score"] for entry in found.tasks]
        assert scores == pytest.approx([rank / 25 for rank in range(1, 25)], abs=1e-6)


def chosen(digest: Path, count: int, strategy: str = "mix", **options: Any) -> ExportResult:
    return tasks_for(find_workspace(), [str(digest)], None, None, options.get("include_judged", False), count, strategy)


@pytest.mark.slow
def test_of_all_papers_the_most_useful_ones_in_the_order_of_the_choice(trained: Path, digest: Path) -> None:
    model = load_model(trained / "models/mine/1")
    papers_read = read_inputs([str(digest)]).papers
    for strategy in STRATEGIES.names:
        found = chosen(digest, 6, strategy)
        assert titles(found) == [papers_read[n].title for n in choose(model, papers_read, 6, strategy)]
        assert (found.strategy, found.not_chosen, found.model) == (strategy, 18, "mine@1")
        assert all(entry["predictions"] for entry in found.tasks)


@pytest.mark.slow
def test_without_a_model_papers_that_differ_are_chosen(workspace: Path, digest: Path) -> None:
    papers_read = read_inputs([str(digest)]).papers
    assert titles(chosen(digest, 6)) == [papers_read[n].title for n in choose(None, papers_read, 6, "diverse")]


@pytest.mark.slow
def test_what_was_judged_is_not_chosen(workspace: Path, digest: Path) -> None:
    papers_read = read_inputs([str(digest)]).papers
    judgements = [
        judgement("llm", number=n, title=p.title, abstract=p.abstract, ids=p.ids) for n, p in enumerate(papers_read)
    ]
    first = titles(chosen(digest, 5))
    judge(workspace, *(item for item in judgements if item.title in first))
    second = chosen(digest, 100)
    assert (len(second.tasks), second.judged_before, second.not_chosen) == (19, 5, 0)
    assert not set(first) & set(titles(second))
    assert len(chosen(digest, 100, include_judged=True).tasks) == 24
    judge(workspace, *judgements)
    assert chosen(digest, 3).tasks == []


def test_tasks_tell_how_they_were_chosen_and_a_batch_has_one_name(workspace: Path, digest: Path) -> None:
    requests = [entry["meta"]["asked"] for entry in chosen(digest, 4, "diverse").tasks]
    model = {"model": None, "fingerprint": None, "suggested": False}
    how = {"strategy": "diverse", "batch": requests[0]["batch"], "audit": False, "overlap": 1}
    assert requests == [how | model] * 4
    assert requests == [entry["meta"]["asked"] for entry in chosen(digest, 4, "diverse").tasks]
    assert requests[0]["batch"] != chosen(digest, 5, "diverse").tasks[0]["meta"]["asked"]["batch"]
    assert all("meta" not in entry for entry in tasks_of(digest).tasks)


def test_the_workspaces_background_tells_what_papers_are_about(
    workspace: Path, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr("labeler.sampling.pick.candidates_of", lambda *given: seen.append(given) or 1 / 0)
    (workspace / "labeler.toml").write_text('[train]\nbackground = "none"\n', encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        chosen(digest, 3)
    assert seen[0][2] is NO_BACKGROUND


@pytest.mark.slow
def test_a_model_of_another_mode_is_not_asked_what_is_useful(trained: Path, digest: Path) -> None:
    topics = trained / "annotations" / "topics.toml"
    topics.write_text(topics.read_text(encoding="utf-8").replace('mode = "multi"', 'mode = "single"'), encoding="utf-8")
    found = chosen(digest, 6, "margin")
    papers_read = read_inputs([str(digest)]).papers
    assert "no suggestions" in found.note
    assert titles(found) == [papers_read[n].title for n in choose(None, papers_read, 6, "diverse")]


@pytest.mark.slow
def test_hidden_topics_are_not_suggested(trained: Path, digest: Path) -> None:
    topics = trained / "annotations" / "topics.toml"
    text = topics.read_text(encoding="utf-8").replace('id = "vision"\n', 'id = "vision"\nhidden = true\n')
    before = [ticked(entry) for entry in tasks_of(digest).tasks]
    topics.write_text(text, encoding="utf-8")
    suggested = [ticked(entry) for entry in tasks_of(digest).tasks]
    assert any("vision" in choices for choices in before)
    assert not any("vision" in choices for choices in suggested)
    assert any(suggested)


def test_where_no_offered_topic_is_left_nothing_is_ticked_unless_none_is_sure(trained: Path, digest: Path) -> None:
    topics = trained / "annotations" / "topics.toml"
    text = topics.read_text(encoding="utf-8").replace("[[topic]]\n", "[[topic]]\nhidden = true\n")
    topics.write_text(text.replace("hidden = true\n", "", 1), encoding="utf-8")
    model = load_model(trained / "models" / "mine" / "1").under(load_scheme(topics))
    seen = set()
    for entry in tasks_of(digest).tasks:
        (decision,) = model.decide([entry["data"]])
        expected = ["llm"] if decision.topics else ["None of these"] * (decision.decision == "none")
        assert ticked(entry) == expected
        seen.add((bool(expected), bool(decision.topics)))
        if not decision.topics:
            assert entry["data"]["reason"] == "the model finds no topic"
    assert {(True, True), (False, False)} <= seen


def test_what_was_judged_is_not_asked_again_unless_wanted(workspace: Path, tmp_path: Path) -> None:
    digest = papers(tmp_path / "d.jsonl", "arxiv:2503.00001", "arxiv:2503.00002", "doi:10.1000/x")
    judge(workspace, judgement("llm", title="Elsewhere", ids=["arxiv:2503.00002"]))
    assert titles(tasks_of(digest)) == ["On arxiv:2503.00001", "On doi:10.1000/x"]
    assert tasks_of(digest).judged_before == 1
    assert len(tasks_of(digest, include_judged=True).tasks) == 3


def test_judged_papers_stay_known_when_others_turn_out_to_be_one(workspace: Path, tmp_path: Path) -> None:
    digest = papers(tmp_path / "d.jsonl", "arxiv:2503.00009", "arxiv:2503.00001")
    ids: list[list[str]] = [["arxiv:2503.00001"], ["doi:10.1000/x"], ["arxiv:2503.00001", "doi:10.1000/x"]]
    judgements = [judgement("llm", number=n, title=f"Part {n}", ids=known) for n, known in enumerate(ids)]
    judge(workspace, *judgements, judgement("llm", number=9, title="On arxiv:2503.00009", ids=["arxiv:2503.00009"]))
    assert titles(tasks_of(digest)) == []


@pytest.mark.parametrize("kind", [{"status": "skipped"}, {"unsure": True}])
def test_a_paper_that_was_skipped_or_left_unsure_is_not_asked_of_the_same_people_again(
    workspace: Path, tmp_path: Path, kind: dict[str, Any]
) -> None:
    digest = papers(tmp_path / "d.jsonl", "arxiv:2503.00001")
    judge(workspace, judgement("llm", ids=["arxiv:2503.00001"], **kind))
    assert titles(tasks_of(digest)) == []


COPIED = " ".join(f"Bird {number} sings in valley {number * 7}" for number in range(12))


def test_a_copy_of_a_judged_paper_and_the_second_of_two_copies_are_not_asked(workspace: Path, tmp_path: Path) -> None:
    rows = [
        {"title": "Songs of valleys", "abstract": COPIED.replace("Bird 3", "Finch 3"), "ids": ["arxiv:2503.00001"]},
        {"title": "Other", "abstract": COPIED[::-1], "ids": ["arxiv:2503.00002"]},
        {"title": "Other, revised", "abstract": f"{COPIED[::-1]} and more", "ids": ["arxiv:2503.00003"]},
    ]
    digest = tmp_path / "d.jsonl"
    digest.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert (titles(tasks_of(digest)), tasks_of(digest).near_duplicates) == (["Songs of valleys", "Other"], 1)
    judge(workspace, judgement("llm", title="Songs", abstract=COPIED, ids=["doi:10.1000/x"]))
    found = chosen(digest, 3)
    assert (titles(found), found.judged_before, found.near_duplicates, found.not_chosen) == (["Other"], 0, 2, 0)
    assert len(tasks_of(digest, include_judged=True).tasks) == 3
    scheme = workspace / "annotations" / "topics.toml"
    scheme.write_text('mode = "multi"\n[[topic]]\nid = "included"\nname = "Included"\n', encoding="utf-8")
    screened = tasks_of(digest)
    assert (titles(screened), screened.near_duplicates) == (["Songs of valleys", "Other", "Other, revised"], 0)


def test_a_paper_in_two_digests_is_one_task(workspace: Path, tmp_path: Path) -> None:
    first = papers(tmp_path / "1.jsonl", "arxiv:2503.00001")
    assert len(tasks_of(first, papers(tmp_path / "2.jsonl", "arxiv:2503.00001", "doi:10.1000/x")).tasks) == 2


def test_a_model_that_is_named_must_be_there(workspace: Path, digest: Path) -> None:
    with pytest.raises(NotFoundError):
        tasks_of(digest, model="nobody@3")


def test_a_digest_that_is_not_there_and_a_faulty_scheme_are_told(workspace: Path, tmp_path: Path, digest: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        tasks_of(tmp_path / "missing.txt")
    (workspace / "annotations" / "topics.toml").write_text("", encoding="utf-8")
    with pytest.raises(RefusedError):
        tasks_of(digest)


def test_some_papers_are_asked_blind_as_a_push_asks_them(
    trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "0.5")
    found = chosen(digest, 12)
    workspace = find_workspace()
    scheme = load_scheme(workspace.topics)
    picking = Picking(scheme, adviser_of(workspace, scheme, None), shipped(), "mix", 0.5, 1)
    picks = {chosen.paper.title: chosen for chosen in pick(read_inputs([str(digest)]).papers, 12, picking)}
    assert (found.audits, len(found.tasks), len(picks)) == (6, 12, 12)
    for entry in found.tasks:
        same = picks[entry["data"]["title"]]
        assert entry["meta"]["asked"] == same.asked == json.loads(entry["data"]["asked"])
        assert entry["data"]["reason"] == same.reason
        assert bool(ticked(entry)) == same.asked["suggested"]
        assert entry["meta"]["asked"]["fingerprint"] == ModelStore(workspace.models).find().fingerprint
    blind = [position for position, entry in enumerate(found.tasks) if entry["meta"]["asked"]["audit"]]
    assert blind not in ([*range(6)], [*range(6, 12)]), "they stand anywhere in the queue"
    assert {found.tasks[position]["data"]["reason"] for position in blind} == {AUDIT}
    scores = [entry["predictions"][0]["score"] for entry in found.tasks]
    assert scores == sorted(scores)


def test_what_was_judged_before_is_not_asked_blind_again(
    trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "1")
    papers_read = read_inputs([str(digest)]).papers
    judged = enumerate(papers_read[:20])
    judge(trained, *(judgement("llm", number=n, title=p.title, abstract=p.abstract, ids=p.ids) for n, p in judged))
    found = chosen(digest, 24, include_judged=True)
    assert {e["data"]["title"] for e in found.tasks if e["meta"]["asked"]["audit"]} == {
        p.title for p in papers_read[20:]
    }


def test_without_a_model_audits_are_asked_too(workspace: Path, digest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "0.5")
    found = chosen(digest, 4)
    assert (found.audits, [entry["predictions"] for entry in found.tasks]) == (2, [[]] * 4)
    assert sorted(entry["meta"]["asked"]["strategy"] for entry in found.tasks) == ["diverse"] * 2 + ["random"] * 2


def test_tasks_tell_of_judged_papers_except_those_that_check_the_model(
    trained: Path, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [entry["data"]["alike"] for entry in tasks_of(digest).tasks]
    assert all(text.startswith("Judged papers most like this one") and " — " in text for text in texts)
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "0.5")
    found = chosen(digest, 8)
    assert found.audits == 4
    for entry in found.tasks:
        assert bool(entry["data"]["alike"]) == (not entry["meta"]["asked"]["audit"])


def test_without_a_model_no_judged_paper_is_told(workspace: Path, digest: Path) -> None:
    judge(workspace, judgement(title="Robots that walk"))
    assert {entry["data"]["alike"] for entry in tasks_of(digest).tasks} == {""}


def test_a_paper_of_a_topic_that_was_split_is_one_task_and_not_left_out(workspace: Path, tmp_path: Path) -> None:
    digest = papers(tmp_path / "d.jsonl", "arxiv:2503.00001", "arxiv:2503.00002", "arxiv:2503.00003")
    old = {"offered": ("vision", "robots")}
    judge(
        workspace,
        judgement("vision", number=1, title="On arxiv:2503.00001", ids=["arxiv:2503.00001"], **old),
        judgement("robots", number=2, title="On arxiv:2503.00002", ids=["arxiv:2503.00002"], **old),
    )
    topics = "".join(f'[[topic]]\nid = "{part}"\nname = "{part}"\nsplit_from = "vision"\n' for part in ("a", "b"))
    (workspace / "annotations/topics.toml").write_text(
        f'mode = "multi"\n[[topic]]\nid = "robots"\nname = "R"\n{topics}'
    )
    found = tasks_of(digest)
    assert (titles(found), found.judged_before) == (["On arxiv:2503.00001", "On arxiv:2503.00003"], 1)
    found = tasks_of(digest, include_judged=True)
    assert (sorted(titles(found)), found.judged_before) == ([f"On arxiv:2503.0000{n}" for n in (1, 2, 3)], 0)
