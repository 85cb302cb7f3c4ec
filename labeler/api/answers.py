"""Answers to requests: bodies come as bytes and answers go as bytes, so that a thread does all the work on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, TypeVar

from pydantic import ValidationError

from labeler.api.faults import ApiError, api_error
from labeler.api.loaded import LoadedModels
from labeler.api.schemas import ExplainRequest, LabelRequest
from labeler.digests.fields import paper_of
from labeler.digests.reading import with_language
from labeler.errors import LabelerError
from labeler.files import json_line, os_message
from labeler.flows.label import Filter, Labelling
from labeler.json_parsing import JsonError, parse_json
from labeler.papers import Paper
from labeler.publish.explained import record_of
from labeler.publish.labelled import LabelledPaper, labelled_papers
from labeler.wording import shortened

SOURCE = "request"  # of papers that name no other
_LONGEST_REASON = 400  # letters
_MOST_REASONS = 3
Answer = bytes | Exception
AnyRequest = TypeVar("AnyRequest", LabelRequest, ExplainRequest)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that was read: the model that answers it, its papers, and the entries that are none."""

    request: LabelRequest | ExplainRequest
    job: Labelling
    topics: frozenset[str]
    papers: list[Paper]
    refused: list[dict[str, Any]]

    def answer(self, records: Sequence[Mapping[str, Any]]) -> bytes:
        """The body of the answer: the ``records`` as JSON lines have them."""
        papers = ", ".join(map(json_line, records))
        label, refused = json_line(self.job.version.label), json_line(self.refused)
        return f'{{"model": {label}, "papers": [{papers}], "refused": {refused}}}\n'.encode()


class Answers:
    """What the paths of the interface answer. Several threads may call the methods at once."""

    def __init__(self, models: LoadedModels) -> None:
        self._models = models

    def label(self, bodies: Sequence[bytes]) -> list[Answer]:
        """The labelled papers of each body, or what is wrong with it. Papers for one model are labelled at once."""
        asked = [_tried(lambda body=body: self._asked(body, LabelRequest)) for body in bodies]  # type: ignore[misc]
        answers: list[Answer] = [one if isinstance(one, Exception) else b"" for one in asked]
        groups: dict[tuple[int, float | None], list[tuple[int, _Asked]]] = defaultdict(list)
        for position, one in enumerate(asked):
            if isinstance(one, _Asked):
                groups[id(one.job), getattr(one.request, "sets", None)].append((position, one))
        for group in groups.values():
            for (position, _), answer in zip(group, _labelled([one for _, one in group]), strict=True):
                answers[position] = answer
        return answers

    def explain(self, body: bytes) -> bytes:
        """The explained papers of a body.

        Raises:
            ApiError: the body is not what the path takes, or there is no such model or topic.
        """
        asked = self._asked(body, ExplainRequest)
        job, topics = asked.job, sorted(asked.topics) or None
        records = [
            record_of(paper, job.model.explain(paper.text, topics), job.version.label, job.alike(paper), job.keywords)
            for paper in asked.papers
        ]
        return asked.answer(records)

    def models(self) -> bytes:
        """The versions there are, and which of them answers requests that name none."""
        current = self._models.of(None).version.identity
        records = [
            {
                "model": one.label,
                "current": one.identity == current,
                "created": one.manifest.created,
                "mode": one.manifest.mode,
                "topics": [{"id": topic, "name": one.names.get(topic, topic)} for topic in one.manifest.topics],
                "shipped": one.shipped,
            }
            for one in self._models.store.known()
        ]
        damaged = [{"model": label, "fault": fault} for label, fault in self._models.store.damaged().items()]
        return json_line({"models": records, "damaged": damaged}).encode()

    def health(self) -> bytes:
        """Whether the model in use is the one that answers."""
        problem = self._models.problem
        record = {
            "status": "degraded" if problem else "ok",
            "model": self._models.of(None).version.label,
            "problem": problem,
            "version": version("labeler"),
        }
        return json_line(record).encode()

    def _asked(self, body: bytes, kind: type[AnyRequest]) -> _Asked:
        """The request in a body.

        Raises:
            ApiError: it is none of this kind, or there is no such model or topic.
        """
        request = _request(body, kind)
        try:
            job = self._models.of(request.model)
            topics = frozenset(map(job.topic, request.topics))
            language = job.language
        except LabelerError as error:
            raise api_error(error) from error
        papers: list[Paper] = []
        refused: list[dict[str, Any]] = []
        for position, fields in enumerate(request.papers):
            try:
                papers.append(with_language(paper_of(fields, SOURCE), language))
            except ValueError as error:
                refused.append({"position": position, "reason": str(error)})
        return _Asked(request, job, topics, papers, refused)


def _request(body: bytes, kind: type[AnyRequest]) -> AnyRequest:
    """The request in a body.

    Raises:
        ApiError: the body is no JSON, or not of this kind.
    """
    try:
        value = parse_json(body)
    except JsonError as error:
        where = f" (line {error.line}, column {error.column})" if error.line else ""
        raise ApiError(400, f"the body is no JSON: {error}{where}") from error
    if not isinstance(value, dict):
        raise ApiError(422, 'the body is no object, such as {"papers": [{"title": "…", "abstract": "…"}]}')
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found[:_MOST_REASONS]]
        more = f"; and {len(found) - _MOST_REASONS} more" if len(found) > _MOST_REASONS else ""
        raise ApiError(422, shortened("; ".join(told), _LONGEST_REASON) + more) from error


def _labelled(group: Sequence[_Asked]) -> list[Answer]:
    """The answers to requests for one model, labelled at once; one by one where that fails, so that one alone does."""
    job, sets = group[0].job, getattr(group[0].request, "sets", None)
    papers = [paper for one in group for paper in one.papers]
    try:
        found = iter(
            list(labelled_papers(papers, job.model, job.version.label, job.version.precision, job.verdicts, sets))
        )
    except OSError as error:  # of the log: it is looked into for papers that people have judged
        return [ApiError(409, f"the log of judgements cannot be read: {os_message(error)}")] * len(group)
    except Exception as error:  # it is told to who asked
        return [error] if len(group) == 1 else [answer for one in group for answer in _labelled([one])]
    return [one.answer(_records(one, [next(found) for _ in one.papers])) for one in group]


def _records(asked: _Asked, labelled: Sequence[LabelledPaper]) -> list[dict[str, Any]]:
    """The records of the papers that a request wants to see."""
    assert isinstance(asked.request, LabelRequest)
    shown = Filter(asked.topics, frozenset(asked.request.only))
    hierarchy = asked.job.hierarchy
    return [item.to_dict() for item in labelled if shown.passes(item, hierarchy)]


def _tried(call: Callable[[], _Asked]) -> _Asked | Exception:
    """The result of a call, or what it raised."""
    try:
        return call()
    except Exception as error:  # it is told to who asked
        return error
