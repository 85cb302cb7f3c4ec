"""The labels that a training learns from: those of the consensus that counts, which is mostly the majority."""

from __future__ import annotations

from collections.abc import Sequence

from labeler.annotators.choice import Choice
from labeler.judgements import Judgement, Labels, labels_of
from labeler.topics import Scheme
from labeler.topics.mode import Mode


def consensus_labels(judgements: Sequence[Judgement], scheme: Scheme) -> tuple[Labels, Choice, list[str]]:
    """The labels of papers, the consensus that they are by, and sentences on annotators whose answers tell nothing."""
    labels = labels_of(judgements, scheme)
    if len({judgement.annotator for judgement in judgements}) < 2:
        return labels, Choice(), []
    from labeler.annotators.careless import careless_notes
    from labeler.annotators.consensus import Consensus
    from labeler.annotators.of_log import ratings_of_log

    consensus = Consensus(ratings_of_log(judgements, scheme))
    settled = consensus.settled()
    notes = careless_notes(consensus)
    if not settled:
        return labels, consensus.choice, notes
    if scheme.mode == Mode.MULTI and scheme.hierarchy.parents:
        settled = {paper: _closed(said, scheme) for paper, said in settled.items()}
    found = labels_of(judgements, scheme, settled)
    tied = {tie.paper.ids for tie in labels.ties}
    before = {item.paper.ids: (item.yes, item.no) for item in labels.papers}
    changed = sum(
        before.get(item.paper.ids) != (item.yes, item.no) for item in found.papers if item.paper.ids not in tied
    )
    return found, consensus.choice._replace(settled=len(labels.ties) - len(found.ties), changed=changed), notes


def _closed(said: dict[str, bool], scheme: Scheme) -> dict[str, bool]:
    """Settled answers with what follows of them for the topics above and below."""
    chosen = ([topic for topic, applies in said.items() if applies is wanted] for wanted in (True, False))
    yes, no = scheme.hierarchy.closed(*chosen)
    return dict.fromkeys(yes, True) | dict.fromkeys(no, False)
