"""The report on a model version: one page in HTML with everything in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version as installed
from typing import Any

from labeler.annotators.agreement import Agreement
from labeler.annotators.choice import OF_TODAY
from labeler.annotators.verdict import COEFFICIENTS, sentences, word_of
from labeler.evaluation.evaluation import Evaluation, Part
from labeler.evaluation.stability import Stability
from labeler.evaluation.verdict import (
    caveats,
    decided_on_unseen,
    has_two_answers,
    named,
    next_steps,
    percent,
    stream_sentences,
    verdict,
)
from labeler.evaluation.words import Mistake, mistakes, topic_words
from labeler.measure.estimates import Estimate
from labeler.measure.figures import Outcome
from labeler.measure.report import FEWEST_BLIND, with_interval
from labeler.modelstore import Version
from labeler.pages.highlight import Piece, highlighted
from labeler.pages.plots import coverage_plot, curve_plot, has_plots, reliability_plot
from labeler.pages.render import render
from labeler.wording import shortened

_TITLE = 110  # letters of the title of a judged paper that is like another one
_MOST_PAIRS, _MOST_PAPERS = 15, 20  # of topics that people take for each other


def report_page(
    version: Version,
    found: Evaluation,
    names: Mapping[str, str],
    notes: Sequence[str],
    agreement: Agreement | None = None,
    curve: Mapping[str, Any] | None = None,
    stable: Stability | None = None,
) -> str:
    """The report on a version in HTML, with the ``agreement`` of annotators, the learning ``curve`` of the judged
    papers (:meth:`labeler.flows.curve.Curve.to_dict`) and how ``stable`` it is. It asks for nothing from anywhere.
    """
    parts, heads = [found.unseen], ["judged papers, unseen"]
    if found.blind is not None and found.blind.figures.papers >= FEWEST_BLIND:
        parts, heads = [*parts, found.blind], [*heads, "asked blind and at random"]
    errors = mistakes(found, version.precision)
    return render(
        "report.html",
        label=version.label,
        version=_facts(version, notes),
        found=found,
        part=found.unseen.figures,
        names=names,
        verdict=verdict(version.label, found),
        caveats=caveats(found),
        stream=stream_sentences(found),
        notes=notes,
        heads=["figure", *heads],
        compared=_compared(found),
        rows=_rows(parts),
        decided=decided_on_unseen(found, version.precision),
        in_time=_in_time(found.time_ordered),
        plots=_plots(found, version.precision) if has_plots() else None,
        steps=next_steps(found, names),
        words=topic_words(found.said.model),
        agreement=None if agreement is None else _agreement(agreement, names),
        curve=None if curve is None else _curve(curve),
        stability=stable.sentences if stable else [],
        errors={topic: [_shown(one, names) for one in some] for topic, some in errors.items()},
    )


def _facts(version: Version, notes: Sequence[str]) -> dict[str, Any]:
    """What is told of a version. Notes on the labels of today take the place of what was told of those it learned."""
    is_told = any(note.startswith(OF_TODAY) for note in notes)
    return {
        "created": version.manifest.created[:10],
        "fingerprint": version.fingerprint,
        "precision": version.precision,
        "consensus": "" if is_told else version.manifest.training.parameters.consensus.sentence,
        "soft_labels": version.manifest.training.parameters.soft_labels_sentence,
        "labeler": installed("labeler"),
        "made": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def _rows(parts: Sequence[Part]) -> list[tuple[str, str, list[Any]]]:
    """The rows of the table of figures: name, kind of figure, and a value for each part."""
    means = {"macro_f1": "macro-F1", "micro_f1": "micro-F1", "weighted_f1": "weighted F1"}
    means["average_precision"] = "mean average precision"
    levels = {f"hierarchical_{name.lower()}": f"hierarchical {name}" for name in ("precision", "recall", "F1")}
    means |= levels if "hierarchical_f1" in parts[0].figures.averages else {}
    means |= {name: name for name in parts[0].figures.averages if name not in means}  # metrics of other packages
    rows: list[tuple[str, str, list[Any]]] = [
        ("papers", "text", [part.figures.papers for part in parts]),
        ("of these, picked by push", "text", [part.picked for part in parts]),
        ("all topics right", "percent", [part.figures.exact for part in parts]),
        *((name, "figure", [part.figures.averages.get(key) for part in parts]) for key, name in means.items()),
        ("Brier score", "figure", [part.figures.reliability.brier for part in parts]),
        ("calibration error", "figure", [part.figures.reliability.ece for part in parts]),
        ("papers that fit no topic", "percent", [part.no_topic for part in parts]),
    ]
    return rows


def _compared(found: Evaluation) -> list[tuple[str, str]]:
    """The averages, key and name, that are shown beside those of other methods: first the one of the verdict."""
    first = ("average_precision", "average precision") if has_two_answers(found) else ("macro_f1", "macro-F1")
    return [first, ("micro_f1", "micro-F1")]


def _in_time(outcome: Outcome | None) -> str:
    """The outcome of decisions on the latest papers, empty where there is none."""
    if outcome is None:
        return ""
    decided = with_interval(outcome.decided, outcome.papers) if outcome.papers else ""
    right = f", {outcome.right} of {outcome.assigned} topics right {with_interval(outcome.right, outcome.assigned)}"
    told = f"{outcome.decided} of {outcome.papers} papers since {outcome.since} decided {decided}"
    return told + (right if outcome.assigned else "") + "."


def _agreement(found: Agreement, names: Mapping[str, str]) -> dict[str, Any]:
    """How far annotators agree, as the page shows it: topics with the most disputed first."""
    topics = sorted(found.topics, key=lambda one: (-one.disputed, one.topic))
    return {
        "found": found,
        "sentences": sentences(found, names),
        "overall": [(COEFFICIENTS[name], figure) for name, figure in found.overall.items()],
        "topics": [(one, word_of(one.alpha)) for one in topics],
        "confused": [
            (
                named(pair.one, names),
                named(pair.other, names),
                [shortened(found.titles.get(paper) or paper, _TITLE) for paper in pair.papers[:_MOST_PAPERS]],
            )
            for pair in found.disagreements.confused[:_MOST_PAIRS]
        ],
    }


def _curve(record: Mapping[str, Any]) -> dict[str, Any]:
    """A learning curve as the page shows it."""
    measured = [(one["papers"], one["value"]) for one in record["measured"]]
    projected = [(one["papers"], Estimate.from_dict(one)) for one in record["projected"]]
    said = "; ".join(f"{papers:,} judged papers, {one.value:.2f}" for papers, one in projected)
    return {
        "sentences": record["sentences"],
        "projected": [(f"{papers:,}", one) for papers, one in projected],
        "plot": curve_plot(measured, projected) if has_plots() else None,
        "alt": f"Learning curve. {said}.",
    }


def _plots(found: Evaluation, precision: float) -> dict[str, str]:
    """The plots, and what they show in words, for those who cannot see them."""
    part = found.unseen.figures
    ece = part.reliability.ece
    off = f"The calibration error is {ece.value:.2f}. " if ece else ""
    bins = "; ".join(f"{one.mean:.0%} claimed, {one.share.value:.0%} right" for one in part.reliability.bins)
    covered = "; ".join(
        f"{row.share:.0%} decided, precision {percent(row.precision)}" for row in part.coverage if row.precision
    )
    return {
        "reliability": reliability_plot(part.reliability.bins),
        "reliability_alt": f"Reliability. {off}{bins}.",
        "coverage": coverage_plot(part.coverage, precision),
        "coverage_alt": f"Risk and coverage. {covered}.",
    }


def _shown(one: Mistake, names: Mapping[str, str]) -> dict[str, Any]:
    """An error as the page shows it."""
    said, judged = (", ".join(named(topic, names) for topic in some) for some in (one.said, one.judged))
    judged = judged or f"not {named(one.topic, names)}"
    record: dict[str, Any] = {"given": one.given, "probability": one.probability, "said": said, "judged": judged}
    record["alike"] = [
        {
            "title": shortened(near.paper.title or near.paper.abstract or near.paper.id, _TITLE),
            "similarity": near.similarity,
            "judged": ", ".join(named(topic, names) for topic in near.judged),
        }
        for near in one.alike
    ]
    title, abstract = (highlighted(text, one.words) for text in (one.paper.title, one.paper.abstract))
    return record | {"title": title or [Piece(one.paper.id, False)], "abstract": abstract}
