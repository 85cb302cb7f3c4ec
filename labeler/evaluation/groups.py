"""Parts of the judged papers that may fare otherwise than the rest: by source, month, category and script."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.evaluation.figures import Answers, Question, averages, exactly_right
from labeler.evaluation.judged import JudgedSet
from labeler.measure.estimates import Estimate, proportion
from labeler.measure.resampling import Draws
from labeler.papers import Paper
from labeler.papers.inputs import as_dates

Floats = npt.NDArray[np.float64]
_FEWEST, _MOST = 20, 12  # papers of a part, and parts of a kind
_LETTERS = 400  # that tell the script of a text
_MONTH = len("2025-03")


class Group(NamedTuple):
    """The figures on the ``papers`` of a part, such as the kind ``month`` and the value ``2025-03``."""

    kind: str
    value: str
    papers: int
    exact: Estimate | None
    micro_f1: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        found = {name: getattr(self, name) for name in ("exact", "micro_f1")}
        record = {"kind": self.kind, "value": self.value, "papers": self.papers}
        return record | {name: one.to_dict() if one else None for name, one in found.items()}


def groups(question: Question, judged: JudgedSet, answers: Answers) -> list[Group]:
    """The figures on each part with enough papers, the largest first; of a kind that has one part alone, none."""
    found = []
    for kind, parts in _parts(judged).items():
        large = {value: rows for value, rows in parts.items() if value and len(rows) >= _FEWEST}
        by_size = sorted(large.items(), key=lambda item: (-len(item[1]), item[0]))[:_MOST]
        if len(parts) > 1:
            found += [
                _group(question, kind, value, judged.take(np.array(rows)), answers.take(np.array(rows)))
                for value, rows in by_size
            ]
    return found


def _parts(judged: JudgedSet) -> dict[str, dict[str, list[int]]]:
    """The rows of each part, by kind and value; a paper of which nothing is known is of the value ``""``."""
    parts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    months = as_dates(list(judged.papers))
    for row, (paper, source, date) in enumerate(zip(judged.papers, judged.sources, months, strict=True)):
        parts["source"][source].append(row)
        parts["month"][(date or "")[:_MONTH]].append(row)
        parts["category"][paper.categories[0] if paper.categories else ""].append(row)
        parts["script"][script_of(paper)].append(row)
    return parts


def script_of(paper: Paper) -> str:
    """The script that most letters of a paper are of, as Unicode calls it; empty without a letter."""
    letters = [char for char in paper.text[: 2 * _LETTERS] if char.isalpha()][:_LETTERS]
    scripts = Counter(unicodedata.name(char, "").partition(" ")[0].partition("-")[0] for char in letters)
    return scripts.most_common(1)[0][0].capitalize() if scripts else ""


def _group(question: Question, kind: str, value: str, judged: JudgedSet, answers: Answers) -> Group:
    draws = Draws.of(np.arange(len(judged.papers)))
    right, known = exactly_right(question.mode, judged.truth, answers.assigned)
    micro = averages(question, judged.truth, answers.assigned, draws)["micro_f1"]
    exact = proportion(int((right & known).sum()), int(known.sum()))
    return Group(kind, value, len(judged.papers), exact, draws.estimate(micro))
