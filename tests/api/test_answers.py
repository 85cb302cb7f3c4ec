"""Answers are what the commands print, whatever waits together; what is no request is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labeler.api.answers import Answers
from labeler.api.faults import ApiError
from labeler.digests import read_inputs
from tests.api.serving import loaded
from tests.conftest import Labeler


@pytest.fixture(scope="module")
def answers(trained_once: Path) -> Answers:
    return Answers(loaded(trained_once))


def body(**request: Any) -> bytes:
    return json.dumps(request).encode()


def one(answer: bytes | Exception) -> dict[str, Any]:
    assert isinstance(answer, bytes), answer
    found: dict[str, Any] = json.loads(answer)
    return found


def given(digest: Path) -> list[dict[str, Any]]:
    return [paper.to_dict() for paper in read_inputs([str(digest)]).papers]


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_labels_are_those_of_the_command(answers: Answers, trained_once: Path, digest: Path, labeler: Labeler) -> None:
    printed = records(labeler("--workspace", trained_once, "label", digest, "--to", "jsonl").out)
    found = one(answers.label([body(papers=given(digest))])[0])
    assert found == {"model": "mine@1", "papers": printed, "refused": []}


def test_options_are_those_of_the_command(answers: Answers, trained_once: Path, digest: Path, labeler: Labeler) -> None:
    options = ("--topic", "Robotics and control", "--only", "auto", "--sets", "0.1", "--model", "mine@1")
    printed = records(labeler("--workspace", trained_once, "label", digest, "--to", "jsonl", *options[:-2]).out)
    papers = given(digest)
    name = next(iter(found for found in (options[1],)))
    asked = body(papers=papers, topics=[name], only=["auto"], sets=0.1, model="mine@1")
    found = one(answers.label([asked])[0])
    assert 0 < len(found["papers"]) < len(papers)
    assert found["papers"] == printed
    assert all(paper["set"] for paper in found["papers"])


def test_explanations_are_those_of_the_command(
    answers: Answers, trained_once: Path, digest: Path, labeler: Labeler
) -> None:
    printed = records(labeler("--workspace", trained_once, "explain", digest, "--json", "--topic", "vision").out)
    found = one(answers.explain(body(papers=given(digest), topics=["vision"])))
    assert found == {"model": "mine@1", "papers": printed, "refused": []}
    every = one(answers.explain(body(papers=given(digest)[:1])))
    assert len(every["papers"][0]["explanations"]) > 1


def test_what_waits_together_is_answered_as_alone(answers: Answers, digest: Path) -> None:
    papers = given(digest)
    bodies = [
        body(papers=papers[:1]), b"{", body(papers=papers[1:4], sets=0.2), body(papers=[]), body(papers=papers[4:9]),
        body(papers=papers, model="arxiv"), body(papers=papers, model="nobody"), body(papers=papers[:2], topics=["x"]),
    ]  # fmt: skip
    together = answers.label(bodies)
    alone = [answers.label([each])[0] for each in bodies]
    assert [str(answer) for answer in together] == [str(answer) for answer in alone]
    assert [answer.status if isinstance(answer, ApiError) else 200 for answer in together] == [
        200, 400, 200, 200, 200, 200, 404, 404,
    ]  # fmt: skip
    assert one(together[5])["model"] == "arxiv@1"


def test_a_fault_with_one_request_is_told_to_that_one_alone(
    answers: Answers, digest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labeler.api import answers as module

    real = module.labelled_papers

    def faulty(papers: Any, *others: Any) -> Any:
        if any(paper.title == "Faulty" for paper in papers):
            raise ZeroDivisionError
        return real(papers, *others)

    monkeypatch.setattr(module, "labelled_papers", faulty)
    papers = given(digest)
    found = answers.label([body(papers=papers[:2]), body(papers=[{"title": "Faulty"}]), body(papers=papers[2:4])])
    assert [type(answer) for answer in found] == [bytes, ZeroDivisionError, bytes]


def test_entries_that_are_no_papers_are_told_by_their_position(answers: Answers) -> None:
    papers = [{"title": "Robots"}, {}, {"summary": "They learn to walk, and fall."}, {"title": None, "abstract": " "}]
    found = one(answers.label([body(papers=papers)])[0])
    assert [paper["title"] or paper["abstract"] for paper in found["papers"]] == [
        "Robots", "They learn to walk, and fall.",
    ]  # fmt: skip
    assert found["refused"] == [
        {"position": position, "reason": "neither a title nor an abstract"} for position in (1, 3)
    ]


@pytest.mark.parametrize(
    ("wrong", "status", "told"),
    [
        (b"", 400, "the body is no JSON"),
        (b"\xff", 400, "not UTF-8"),
        (b"[" * 5000, 400, "nested too deep"),
        (b'{"papers": ' + b"[" * 200 + b"]" * 200 + b"}", 400, "nested too deep"),
        (b'{"papers": [' + b"9" * 5000 + b"]}", 400, "a number too long"),
        (b"[]", 422, "the body is no object"),
        (b"{}", 422, "papers: Field required"),
        (body(papers=[{"title": 3}]), 422, "papers.0.title"),
        (body(papers=["Robots"]), 422, "papers.0"),
        (body(papers=[], paper=1), 422, "paper: Extra inputs are not permitted"),
        (body(papers=[], sets=1.5), 422, "sets: Input should be less than 1"),
        (body(papers=[], only=["maybe"]), 422, "only.0"),
        (body(papers=[], model=""), 422, "model"),
        (body(papers=[{}] * 1001), 422, "papers: List should have at most 1000 items"),
        (body(papers=[7] * 9), 422, "and 6 more"),
        (body(papers=[], model="mine@9"), 404, "there is no model mine@9"),
        (body(papers=[], topics=["visoin"]), 404, "did you mean 'vision'?"),
    ],
)
def test_what_is_no_request_is_told(answers: Answers, wrong: bytes, status: int, told: str) -> None:
    (error,) = answers.label([wrong])
    assert isinstance(error, ApiError)
    assert (error.status, told in error.message) == (status, True), error.message


def test_the_text_of_others_is_answered_as_strict_json(answers: Answers) -> None:
    text = b'{"papers": [{"title": "Robots \\ud800 walk", "x": NaN, "year": Infinity, "authors": [{"name": 3}]}]}'
    (answer,) = answers.label([text])
    assert isinstance(answer, bytes)
    assert b"NaN" not in answer
    assert one(answer)["papers"][0]["title"] == "Robots \ufffd walk"


def test_the_versions_there_are(trained: Path) -> None:
    (trained / "models/mine/7").mkdir()
    found = one(Answers(loaded(trained)).models())
    assert [(model["model"], model["current"], model["shipped"]) for model in found["models"]] == [
        ("mine@1", True, False), ("arxiv@1", False, True),
    ]  # fmt: skip
    assert {"id": "vision", "name": "Visual understanding"} in found["models"][0]["topics"]
    assert [model["model"] for model in found["damaged"]] == ["mine@7"]


def test_health_says_what_could_not_be_taken_up(trained: Path) -> None:
    models = loaded(trained)
    health = one(Answers(models).health())
    assert (health["status"], health["model"], health["problem"]) == ("ok", "mine@1", None)
    (trained / "models/CURRENT").write_text("gone@3\n")
    models.refresh()
    health = one(Answers(models).health())
    assert (health["status"], health["model"]) == ("degraded", "mine@1")
    assert "there is no model gone@3" in health["problem"]


def test_a_log_that_is_away_for_a_moment_is_told(trained: Path) -> None:
    answers = Answers(loaded(trained))
    log = trained / "annotations/judgements.jsonl"
    log.rename(log.with_suffix(".away"))
    (error,) = answers.label([body(papers=[{"title": "Robots"}])])
    assert isinstance(error, ApiError)
    assert (error.status, error.message) == (409, "the log of judgements cannot be read: no such file or directory")
