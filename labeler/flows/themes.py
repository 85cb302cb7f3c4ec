"""New themes in digests: groups of papers of a kind of which few were judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labeler.annotators.consensus_labels import consensus_labels
from labeler.config import Workspace
from labeler.digests import read_inputs
from labeler.drift.themes import FEWEST_JUDGED, MOST, Theme, themes
from labeler.errors import InputError, NotFoundError
from labeler.features.background import named_background
from labeler.flows.add_topics import add_topic
from labeler.flows.drift import field_names
from labeler.judgements import read_log
from labeler.judgements.labels import current_judgements
from labeler.papers import Paper
from labeler.topics import Topic, load_checked_scheme
from labeler.wording import counted


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes ``found`` among ``papers`` that nobody judged, beside ``judged`` ones, and notes for people."""

    found: Sequence[Theme]
    papers: Sequence[Paper]
    judged: int
    notes: Sequence[str]

    def to_dict(self) -> dict[str, Any]:
        """Everything, for programs."""
        names = field_names()
        return {
            "papers": len(self.papers),
            "judged": self.judged,
            "themes": [
                {
                    "words": list(theme.words),
                    "field": names.get(theme.field, theme.field) or None,
                    "judged": theme.judged,
                    "papers": [{"id": self.papers[row].id, "title": self.papers[row].title} for row in theme.members],
                }
                for theme in self.found
            ],
            "notes": list(self.notes),
        }


def new_themes(workspace: Workspace, inputs: Sequence[str], format_name: str | None = None) -> Themes:
    """The themes among the papers of some digests of which few papers were judged, the clearest first.

    Raises:
        InputError: too few papers are judged, or an input is unreadable.
        RefusedError: the topic scheme has faults.
    """
    scheme, log = load_checked_scheme(workspace.topics), read_log(workspace)
    judged = consensus_labels(log.judgements, scheme).labels.papers
    if len(judged) < FEWEST_JUDGED:
        raise InputError(
            f"{counted(len(judged), 'paper')} of this workspace {'is' if len(judged) == 1 else 'are'} judged, too few "
            "to tell what is new beside them",
            f"judge {FEWEST_JUDGED} papers or more, then try again",
        )
    reading = read_inputs(inputs, format_name)
    known = {name for judgement in current_judgements(log.judgements) for name in judgement.as_paper().ids}
    papers = [paper for paper in reading.papers if known.isdisjoint(paper.ids)]
    background = named_background(workspace.settings.train_background, workspace.root)
    found = themes([paper.text for paper in papers], [item.paper.text for item in judged], background)
    notes = [*log.faults, *reading.notes]
    if len(papers) + len(judged) > MOST:
        notes.append(f"these are many papers: an even choice of about {MOST:,} was looked at")
    return Themes(found, papers, len(judged), notes)


def adopt(workspace: Workspace, found: Themes, number: int, name: str) -> Topic:
    """Make a theme (``number``, from 1 on) a topic of this ``name``; its definition are the words of the theme.

    Raises:
        NotFoundError: there is no such theme.
        RefusedError: there is a topic of this name.
        InputError: the scheme cannot be written.
    """
    if not 1 <= number <= len(found.found):
        raise NotFoundError(
            f"there is no theme {number}",
            f"{counted(len(found.found), 'theme')} {'was' if len(found.found) == 1 else 'were'} found",
        )
    words = found.found[number - 1].words
    return add_topic(workspace, name, f"Papers on {', '.join(words)}.")
