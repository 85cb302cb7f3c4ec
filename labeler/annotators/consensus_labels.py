"""The labels that everything goes by: those of the consensus that counts, which is mostly the majority.

Training, evaluation, suspects, counts, reviews and labelled papers take them from here, so that all know one truth:
what the consensus settles is no tie anywhere. Judgements alone decide; no model of texts has a say.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from labeler.annotators.choice import FEWEST_ANNOTATORS, Choice
from labeler.config import Workspace
from labeler.judgements import Judgement, Labels, labels_of, read_log
from labeler.judgements.labels import Settled
from labeler.judgements.pseudonyms import names_shown
from labeler.topics import Scheme
from labeler.topics.mode import Mode

if TYPE_CHECKING:
    from labeler.annotators.consensus import Consensus
    from labeler.judgements.verdicts import Verdicts


class ConsensusLabels(NamedTuple):
    """The ``labels`` of papers, the ``choice`` of the consensus that they are by, the answers that it ``settled``, by
    the ids of papers, and the ``consensus`` itself (None where all judgements are of one person).
    """

    labels: Labels
    choice: Choice = Choice()
    settled: Settled = MappingProxyType({})
    consensus: Consensus | None = None

    def careless(self) -> list[str]:
        """Sentences on annotators whose answers tell nothing."""
        if self.consensus is None:
            return []
        from labeler.annotators.careless import careless_notes

        return careless_notes(self.consensus)


def consensus_labels(judgements: Sequence[Judgement], scheme: Scheme) -> ConsensusLabels:
    """The labels of papers, and the consensus that they are by."""
    labels = labels_of(judgements, scheme)
    if len({judgement.annotator for judgement in judgements}) < 2:
        return ConsensusLabels(labels)
    from labeler.annotators.consensus import Consensus
    from labeler.annotators.of_log import ratings_of_log

    consensus = Consensus(ratings_of_log(judgements, scheme))
    settled = consensus.settled()
    if not settled:
        return ConsensusLabels(labels, consensus.choice, consensus=consensus)
    if scheme.mode == Mode.MULTI and scheme.hierarchy.parents:
        settled = {paper: _closed(said, scheme) for paper, said in settled.items()}
    found = labels_of(judgements, scheme, settled)
    tied = {tie.paper.ids for tie in labels.ties}
    before = {item.paper.ids: (item.yes, item.no) for item in labels.papers}
    changed = sum(
        before.get(item.paper.ids) != (item.yes, item.no) for item in found.papers if item.paper.ids not in tied
    )
    choice = consensus.choice._replace(settled=len(labels.ties) - len(found.ties), changed=changed)
    return ConsensusLabels(found, choice, settled, consensus)


def settled_in(workspace: Workspace, scheme: Scheme) -> Settled:
    """The answers in the log of a workspace that the consensus settles; none of fewer people than it needs.

    Raises:
        InputError: the log, or the settings that name its people, cannot be read.
    """
    log = read_log(workspace).judgements
    if len({judgement.annotator for judgement in log}) < FEWEST_ANNOTATORS:
        return {}
    return consensus_labels(log, scheme).settled


def verdicts_in(workspace: Workspace, scheme: Scheme) -> Verdicts | None:
    """What people have said, by the consensus, in the log of a workspace; None where it has no judgement.

    Raises:
        InputError: the log, or the settings that name its people, cannot be read.
    """
    if not workspace.judgements.exists():
        return None
    from labeler.judgements.verdicts import Verdicts

    verdicts = Verdicts(
        workspace.judgements,
        scheme,
        workspace.make_private,
        names_shown(workspace),
        lambda: settled_in(workspace, scheme),
    )
    return verdicts if verdicts.index else None


def _closed(said: dict[str, bool], scheme: Scheme) -> dict[str, bool]:
    """Settled answers with what follows of them for the topics above and below."""
    chosen = ([topic for topic, applies in said.items() if applies is wanted] for wanted in (True, False))
    yes, no = scheme.hierarchy.closed(*chosen)
    return dict.fromkeys(yes, True) | dict.fromkeys(no, False)
