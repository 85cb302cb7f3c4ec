"""How far what people have judged agrees with the keywords of topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.topics import Scheme

if TYPE_CHECKING:
    from labeler.measure.keywords import KeywordCount


def keyword_counts(workspace: Workspace, scheme: Scheme) -> Mapping[str, tuple[KeywordCount, ...]]:
    """For each topic with keywords, in how many papers of the log each is, and how many of these are of the topic.

    Raises:
        InputError: the log of judgements cannot be read.
    """
    if not (scheme.keywords or scheme.not_keywords):
        return {}
    from labeler.annotators.consensus_labels import consensus_labels
    from labeler.judgements import read_log
    from labeler.measure.keywords import KeywordTally

    tally = KeywordTally(scheme)
    for item in consensus_labels(read_log(workspace).judgements, scheme).labels.papers:
        tally.judged(item.paper.text, item.yes)
    return tally.counts()
