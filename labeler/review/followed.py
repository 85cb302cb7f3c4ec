"""What became of the verdicts of adjudicators: whose answers they followed, and how many suspects were slips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from labeler.annotators.of_log import answers_by_annotator
from labeler.judgements.judgement import ADJUDICATOR, Judgement
from labeler.judgements.labels import Settled, by_paper, latest_versions, of_role, vote
from labeler.judgements.own import is_own
from labeler.judgements.rename import under_scheme
from labeler.papers import Paper
from labeler.review.papers import SUSPECTS
from labeler.topics import Scheme


@dataclass
class Verdicts:
    """The verdicts in a log.

    ``by`` counts them by adjudicator, and ``own`` those on papers that the adjudicator had judged. ``followed`` has,
    for each person, on how many papers the verdict was just what they had said, and of how many: their own verdicts do
    not count. ``changed`` has, for papers that were suspect and for those drawn at random among them (``True``), of how
    many the verdict changed the label, and how many there are.
    """

    by: Counter[str] = field(default_factory=Counter)
    own: int = 0
    followed: dict[str, tuple[int, int]] = field(default_factory=dict)
    changed: dict[bool, tuple[int, int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The number of papers with a verdict of each adjudicator."""
        return self.by.total()

    def to_dict(self) -> dict[str, Any]:
        """Everything, for programs."""
        kinds = {False: "suspects", True: "at_random"}
        return {
            "verdicts": self.total,
            "by": dict(self.by.most_common()),
            "own": self.own,
            "followed": {name: {"papers": of, "followed": same} for name, (same, of) in self.followed.items()},
            "changed": {kinds[key]: {"papers": of, "changed": n} for key, (n, of) in sorted(self.changed.items())},
        }


def verdicts_in_log(log: Iterable[Judgement], scheme: Scheme, settled: Settled = MappingProxyType({})) -> Verdicts:
    """What became of the verdicts in a log. Those that are unsure, skipped or withdrawn do not count.

    ``settled`` are the answers that the consensus settles (:mod:`labeler.annotators.consensus_labels`).
    """
    found = Verdicts()
    merger, groups = by_paper(log)
    for position, group in groups.items():
        if any(one.role == ADJUDICATOR for one in group):
            current = [one for one in under_scheme(latest_versions(group), scheme) if one.status == "judged"]
            paper = merger.at(position)
            _count(found, paper, current, scheme, settled.get(paper.id, {}))
    found.followed = dict(sorted(found.followed.items(), key=lambda item: (-item[1][1], item[0])))
    return found


def _count(
    found: Verdicts, paper: Paper, judgements: Sequence[Judgement], scheme: Scheme, settled: Mapping[str, bool]
) -> None:
    """Count the verdicts on one paper, of which answers are ``settled`` without one."""
    verdicts = [one for one in of_role(judgements, True) if not one.unsure]
    people = of_role(judgements, False)
    said = answers_by_annotator(people, scheme)
    for who, verdict in answers_by_annotator(verdicts, scheme).items():
        found.by[who] += 1
        found.own += any(is_own(one) for one in verdicts if one.annotator == who)
        for name, answers in said.items():
            if name != who:
                same, of = found.followed.get(name, (0, 0))
                found.followed[name] = (same + _agree(verdict, answers), of + 1)
    asked = [one.asked or {} for one in verdicts]
    if any(request.get("review") == SUSPECTS for request in asked):
        control = any(request.get("control") for request in asked)
        before, after = (vote(paper, some, scheme, settled)[0] for some in (people, [*people, *verdicts]))
        changed, of = found.changed.get(control, (0, 0))
        differs = bool((before.yes & after.no) | (before.no & after.yes) | (after.yes - before.yes))
        found.changed[control] = (changed + differs, of + 1)


def _agree(verdict: Mapping[str, bool], answers: Mapping[str, bool]) -> bool:
    """Whether two people gave the same answers to all that both were asked."""
    return all(verdict[topic] == applies for topic, applies in answers.items() if topic in verdict)
