"""What a training came to, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.flows.train import Training
    from labeler.flows.train_plan import TrainingPlan
    from labeler.modelstore import Version

MACRO_F1 = (
    "macro-F1 says how well topics are found: 1 where the model gives every topic to just the papers that have it, 0 "
    "where it gives none rightly; each topic counts as much as any other."
)


def training_text(outcome: Training) -> str:
    """What a training came to, for people."""
    from labeler.measure.report import (
        evaluation_set_sentence,
        has_keywords,
        keywords_left_out_sentence,
        near_duplicates_sentence,
        no_topic_sentence,
        picked_sentence,
        precision_sentence,
        stream_sentence,
        trained_sentence,
    )

    version, manifest = outcome.version, outcome.version.manifest
    if not outcome.fresh:
        return f"Nothing has changed since {version.label}; no new version was made."
    figures, name = manifest.training.figures, outcome.scheme.name
    lines = [trained_sentence(figures.papers, version.label, bool(figures.keywords))] if figures.papers else []
    lines += filter(None, manifest.training.parameters.sentences)
    lines += [sentence] if (sentence := keywords_left_out_sentence(figures, outcome.scheme)) else []
    if figures.measured and manifest.bands:
        lines.append(f"On papers held out: {figures_of(version)} (95 % intervals).")
        if "macro_f1" in figures.measured:
            lines.append(MACRO_F1)
        lines += [sentence] if (sentence := picked_sentence(figures)) else []
        lines += [sentence] if (sentence := stream_sentence(figures, outcome.scheme)) else []
        lines += [sentence] if (sentence := near_duplicates_sentence(figures.papers)) else []
        lines += [sentence] if (sentence := evaluation_set_sentence(figures.evaluation_set)) else []
        lines.append(precision_sentence(manifest.bands, figures.time_ordered, figures.promises))
    lines += [sentence] if (sentence := _background_sentence(version)) else []
    no_topic = no_topic_sentence(figures.no_topic, figures.no_topic_asked)
    lines += [no_topic] if no_topic else []
    lines += [f"Not learned: {name(topic)} ({why})." for topic, why in manifest.unlearned.items()]
    counts = figures.counts or {}
    by_name = [topic for topic, count in counts.items() if not count and topic not in manifest.unlearned]
    for sources, flag in (("name and definition", False), ("name, definition and keywords", True)):
        some = [name(topic) for topic in by_name if has_keywords(figures, topic) == flag]
        lines += [f"Learned from {sources} alone: {', '.join(some)}."] if some and figures.labelled else []
    if figures.weak:
        lines.append(
            f"No paper of another topic, or too few, was judged not to be of: {', '.join(map(name, figures.weak))}; "
            "papers not judged for these count as negative examples, with less weight."
        )
    return "\n".join(lines)


def plan_text(plan: TrainingPlan) -> str:
    """What a training would come to, for people."""
    if not plan.fresh:
        return f"Nothing has changed since {plan.version}; no new version would be made."
    unread = f" and {counted(plan.unlabeled, 'unread paper')}" if plan.unlabeled else ""
    lines = [f"Would learn from {counted(plan.papers, 'judged paper')}{unread}, and keep the model as {plan.version}."]
    if plan.measured:
        papers = counted(plan.measured, "judged paper")
        drawn = " and write which ones into annotations/evaluation.jsonl" if plan.drawn else ""
        lines.append(f"Would keep {papers} apart to measure it{drawn}.")
    topics = sorted((plan.counts or {}).items(), key=lambda item: -item[1])
    lines.append(f"Judged papers by topic: {', '.join(f'{plan.scheme.name(one)} {count}' for one, count in topics)}.")
    lines += [f"Would not be learned: {plan.scheme.name(one)} ({why})." for one, why in (plan.unlearned or {}).items()]
    return "\n".join([*lines, "How good it is, and whether it is put to use, only the training tells."])


def _background_sentence(version: Version) -> str:
    """What a version of one's own background, or of papers in a language that it does not know, knew beforehand."""
    from labeler.papers.languages import told_shares

    training = version.manifest.training
    papers, state, used = training.figures.papers, training.state, training.parameters.background
    if papers is None or state is None or state.background.name == "none":
        return ""
    if used == state.background.name:
        known = f"the background {used}, learned from {counted(state.background.papers, 'paper')}"
        return "" if used == "arxiv" else f"What it knew of words beforehand: {known}."
    if not papers.languages:
        return ""
    return (
        f"The papers are in {told_shares(papers.languages)}; the background {state.background.name} hardly knows their "
        "words and was left out. Build one from many papers like these, judged or not: "
        "`labeler background build PAPERS -o FILE.npz`."
    )


def figures_of(version: Version) -> str:
    """The metrics of a version on held-out papers with their intervals, in a line; empty where none was measured."""
    measured = version.manifest.training.figures.measured
    named = ((name.replace("_f1", "-F1").replace("_", "-"), estimate) for name, estimate in measured.items())
    return ", ".join(
        f"{name} {estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]" for name, estimate in named
    )
