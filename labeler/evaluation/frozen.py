"""The evaluation set of a workspace: judged papers that no version learns from, so that all are measured on the same.

It is ``annotations/evaluation.jsonl``, a paper a line with all its identifiers. It is drawn once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from labeler.errors import InputError, RefusedError
from labeler.evaluation.figures import Question, averages
from labeler.evaluation.judged import JudgedSet
from labeler.evaluation.unseen import unseen
from labeler.files import json_line, os_message, regular_bytes, sha256, write_new_text, write_text
from labeler.json_parsing import parse_json
from labeler.judgements import JudgedPaper
from labeler.measure.figures import FixedSet
from labeler.measure.folds import grouped_folds
from labeler.measure.resampling import Draws
from labeler.papers import Paper
from labeler.papers.near_duplicates import near_duplicate_groups
from labeler.score.model import TopicModel
from labeler.topics import Scheme
from labeler.wording import counted

FILE = "evaluation.jsonl"
AUDITS = "audits"
FEWEST = 100  # judged papers below which there are none to spare
_MOST_PARTS = 20  # into which papers are divided to draw some of them


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """The papers of an evaluation set, each by all its identifiers, and what they were ``drawn`` by.

    ``drawn`` is the share of the judged papers, such as ``0.2``, or ``audits``.
    """

    papers: tuple[tuple[str, ...], ...] = ()
    drawn: str = ""

    @property
    def identifiers(self) -> frozenset[str]:
        """All identifiers of all papers."""
        return frozenset(identifier for ids in self.papers for identifier in ids)

    @property
    def fingerprint(self) -> str:
        """What tells this set from others; empty without papers."""
        return sha256("\n".join(sorted(self.identifiers)).encode()) if self.papers else ""

    def text(self) -> str:
        """The set as its file holds it."""
        lines = sorted(
            json_line({"paper": ids[0], "ids": list(ids), "drawn": self.drawn}) + "\n" for ids in self.papers
        )
        return "".join(lines)


def read_evaluation_set(annotations: Path) -> EvaluationSet:
    """The evaluation set in a folder of annotations, an empty one where there is none.

    Raises:
        InputError: the file cannot be read.
    """
    path = annotations / FILE
    try:
        lines = regular_bytes(path).splitlines()
    except FileNotFoundError:
        return EvaluationSet()
    except OSError as error:
        advice = "it must be a file: move the folder away" if path.is_dir() else "check its permissions"
        raise InputError(f"cannot read {path}: {os_message(error)}", advice) from error
    papers, drawn = [], ""
    for number, line in enumerate(lines, 1):
        try:
            record = parse_json(line) if line.strip() else None
            if record is not None:
                papers.append(tuple(map(_text, [record["paper"], *record["ids"]])))
                drawn = str(record.get("drawn", ""))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            advice = "restore the file; without it models would learn from papers that are to measure them"
            raise InputError(f"{path}, line {number} is no paper of an evaluation set", advice) from error
    return EvaluationSet(tuple(tuple(dict.fromkeys(ids)) for ids in papers), drawn)


def write_evaluation_set(annotations: Path, found: EvaluationSet) -> None:
    """Write an evaluation set, whole or not at all, and never in the place of another one.

    Raises:
        InputError: the folder cannot be written to.
        RefusedError: another one is there, which another run has drawn.
    """
    path = annotations / FILE
    with suppress(FileExistsError):
        write_new_text(path, found.text())
        return
    there = read_evaluation_set(annotations)
    if there.papers and there.fingerprint != found.fingerprint:
        raise RefusedError(
            f"another run has drawn an evaluation set meanwhile: {counted(len(there.papers), 'paper')} by --hold-out "
            f"{there.drawn}; nothing was written",
            "train without --hold-out, and it is used",
        )
    write_text(path, found.text())


def drawn_set(judged: JudgedSet, how: str, seed: int = 0, alone: bool = True) -> EvaluationSet:
    """An evaluation set of judged papers: a share of them at random (``how`` is that share), or the audits.

    ``alone`` says that there are no other papers to learn from. Of a share, near-duplicates are in it together, and
    each topic is in it as often as among all. Of a topic with few papers most or all are left to learn from.

    Raises:
        InputError: there are too few judged papers, or too few audits, or these are most of the papers.
    """
    usable = np.flatnonzero(~np.isnan(judged.truth).all(axis=1))
    judged = judged.take(usable)
    if how == AUDITS:
        audits = [paper for paper, blind in zip(judged.papers, judged.blind, strict=True) if blind]
        _refuse_few(
            len(audits), "paper that was asked blind and at random", "papers that were asked blind and at random"
        )
        if alone and len(audits) > len(judged.papers) / 2:
            raise InputError(
                f"{len(audits)} of {len(judged.papers)} judged papers were asked blind and at random: without them too "
                "few are left to learn from",
                "keep a share of all apart: `labeler train --hold-out 0.2`",
            )
        return _set_of(audits, AUDITS)
    _refuse_few(len(judged.papers), "judged paper", "judged papers")
    part = Fraction(how).limit_denominator(_MOST_PARTS)
    applies = judged.truth == 1
    positives = np.column_stack([applies, ~applies.any(axis=1)])
    groups = near_duplicate_groups([paper.text for paper in judged.papers]).tolist()
    # The first folds get the few papers of a rare topic, the last ones are thus the ones to spare.
    folds = grouped_folds(positives, groups, part.denominator, seed)
    spared = np.flatnonzero(folds >= part.denominator - part.numerator)
    return _set_of([judged.papers[row] for row in spared], how)


def measured_on(model: TopicModel, items: Sequence[JudgedPaper], scheme: Scheme) -> FixedSet | None:
    """The macro- and micro-F1 of a model on the papers of an evaluation set, which it did not learn from.

    None where none of them is judged.
    """
    from labeler.evaluation.evaluation import answers_of  # loads what learns

    if not items:
        return None
    judged, question = JudgedSet.of_papers(items, scheme), Question(model.mode, scheme.offered, scheme.hierarchy)
    answers = answers_of(unseen(model, judged.papers, scheme), judged.topics)
    draws = Draws.of_texts([paper.text for paper in judged.papers])
    found = averages(question, judged.truth, answers.assigned, draws)
    estimates = {name: draws.estimate(found[name]) for name in ("macro_f1", "micro_f1")}
    return FixedSet(len(items), {name: one for name, one in estimates.items() if one is not None})


def _set_of(papers: Iterable[Paper], how: str) -> EvaluationSet:
    return EvaluationSet(tuple(sorted(tuple(dict.fromkeys((paper.id, *paper.ids))) for paper in papers)), how)


def _refuse_few(count: int, one: str, many: str) -> None:
    if count < FEWEST:
        raise InputError(
            f"{counted(count, one, many)} in the log are too few to keep some apart: {FEWEST} are needed",
            "judge more papers first; until then cross-validation measures a model",
        )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("an identifier is a text")
    return value
