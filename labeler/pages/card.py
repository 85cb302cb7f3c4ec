"""The card of a model in Markdown: what it is, what it is for, what it learned from, how good it is, and its limits.

M. Mitchell et al., "Model cards for model reporting", 2019.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeler.evaluation.evaluation import Evaluation
from labeler.evaluation.verdict import caveats, decided_on_unseen, figure, named, stream_sentences, verdict
from labeler.evaluation.words import topic_words
from labeler.measure.report import trained_sentence
from labeler.modelstore import Version
from labeler.pages.render import render
from labeler.score.model import TopicModel

_LIMITS = (
    "It has learned what the people who judged papers meant by these topics; others may mean something else.",
    "Topics that few judged papers have are found less often, and their figures are rough: see the intervals.",
)


def card(
    version: Version, model: TopicModel, names: Mapping[str, str], found: Evaluation | None, own_words: str = ""
) -> str:
    """The card of a version. Without an evaluation it has the figures of the training.

    ``own_words`` are what its makers say of it, in Markdown; they take the place of the figures.
    """
    manifest = version.manifest
    state, parameters = manifest.training.state, manifest.training.parameters
    return render(
        "card.md",
        label=version.label,
        shipped=version.shipped,
        mode=str(model.mode),
        with_none=model.linear.with_none,
        listed=model.topics,
        names=names,
        words=topic_words(model),
        recipe=parameters.recipe,
        background=parameters.background,
        soft_labels=parameters.soft_labels_sentence,
        precision=version.precision,
        created=manifest.created[:10],
        fingerprint=version.fingerprint,
        labeler=state.labeler if state else "",
        libraries=", ".join(f"{name} {number}" for name, number in manifest.libraries.items()),
        own_words=own_words,
        trained=_learned_from(version),
        sentences=_how_good(version, found),
        caveats=[*(caveats(found) if found else ()), *_LIMITS],
        topics=_topics(found, names) if found else [],
    )


def _learned_from(version: Version) -> str:
    figures = version.manifest.training.figures
    return (
        trained_sentence(figures.papers, keywords=bool(figures.keywords))
        if figures.papers
        else "It is not known what it learned from."
    )


def _how_good(version: Version, found: Evaluation | None) -> list[str]:
    """The verdict, or the figures that the training measured."""
    if found is not None:
        decided = decided_on_unseen(found, version.precision)
        return [*verdict(version.label, found), *stream_sentences(found), *filter(None, [decided])]
    measured = version.manifest.training.figures.measured
    return [f"{name.replace('_f1', '-F1')} on papers held out: {figure(value)}" for name, value in measured.items()]


def _topics(found: Evaluation, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of the table of topics."""
    return [
        {"name": named(one.topic, names), "papers": one.papers}
        | {name: figure(getattr(one, name)) for name in ("precision", "recall", "f1")}
        for one in sorted(found.unseen.figures.topics, key=lambda one: -one.papers)
    ]
