"""What an evaluation comes to, in sentences: the verdict, what to bear in mind, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeler.evaluation.baselines import REGRESSION
from labeler.evaluation.evaluation import Compared, Evaluation, Part
from labeler.evaluation.figures import NONE
from labeler.measure.estimates import Estimate, proportion
from labeler.measure.figures import Outcome
from labeler.measure.registry import METRICS
from labeler.measure.report import FEWEST_BLIND, promised_share
from labeler.topics import Mode
from labeler.wording import counted

_FEW_PAPERS, _FEW_EXAMPLES = 30, 10  # below which figures say little, and topics are hardly measured
_CONFUSED = 3  # papers from which two topics are said to be confused
_OFF = 0.1  # expected calibration error from which probabilities are said to be off
_SHOWN, _PAIRS = 5, 2
_NOT_COMPLETE = (
    "Whether it gives too many cannot be told, so that F1 is too high: of no paper it is known which topics it does "
    "not have. Where a table names all topics of each paper, say so with `--complete`."
)
_BLIND = "asked blind and at random, which alone speak for new papers"


def percent(estimate: Estimate) -> str:
    """A share with its interval, as in ``68% [63%, 72%]``."""
    return f"{estimate.value:.0%} [{estimate.low:.0%}, {estimate.high:.0%}]"


def figure(estimate: Estimate | None, sign: str = "") -> str:
    """A figure with its interval, as in ``0.71 [0.66, 0.75]``; a dash where there is none."""
    if estimate is None:
        return "–"
    return f"{estimate.value:{sign}z.2f} [{estimate.low:{sign}z.2f}, {estimate.high:{sign}z.2f}]"


def named(topic: str, names: Mapping[str, str]) -> str:
    """The name of a topic, or "none of these"."""
    return names.get(topic, topic) if topic != NONE else NONE


def verdict(label: str, found: Evaluation) -> list[str]:
    """How good the model is, in two sentences: its figures, and whether it is better than simpler methods."""
    part = found.blind if _stands_for_the_stream(found) and found.blind else found.unseen
    where = f" {_BLIND}," if part is found.blind else f"{_origin(found)},"
    papers = f"{counted(part.figures.papers, 'judged paper')}{where}"
    if _lacks_no(found):
        return [f"On {papers} {label} {_recalled(part)}.", _NOT_COMPLETE]
    better = _better(found, part.figures.papers)
    return [f"On {papers} {label} {_how_good(found.question.mode, part)}.", *filter(None, [better])]


def _origin(found: Evaluation) -> str:
    """Why the model had not seen the papers; empty where that is not known of all."""
    if found.counts["unknown"]:
        return ""
    if not found.counts["held_out"]:
        return " that it did not learn from"
    return " held out in its training" + (" or not learned from" if found.counts["new"] else "")


def caveats(found: Evaluation) -> list[str]:
    """What is to be borne in mind of the figures, each a sentence."""
    said = []
    papers, picked, averages = found.unseen.figures.papers, found.unseen.picked, found.unseen.figures.averages
    if found.only_yes and not _lacks_no(found):
        topics = counted(len(found.only_yes), "topic")
        said.append(
            f"No paper is known not to have {topics}: of these only recall is known, and averages are too high."
        )
    if papers < _FEW_PAPERS:
        said.append(
            f"{counted(papers, 'judged paper')} say little: the intervals are wide, and rare topics are missing."
        )
    if picked:
        said.append(
            f"{picked} of all {papers} papers were picked by `push`: picked papers are a biased sample, and mostly "
            "harder than new ones."
        )
    if found.unanswered:
        said.append(
            f"Of {found.unanswered} of all {papers} papers it is known of some topics alone that they do not apply: "
            "the share of right answers is that of the others."
        )
    if found.counts["seen"]:
        said.append(
            f"{counted(found.counts['seen'], 'paper')} left out: the model learned from them, and does not say what it "
            "would have said without them."
        )
    if found.counts["near_copies"]:
        copies = counted(found.counts["near_copies"], "paper")
        said.append(f"{copies} left out, as near-copies of papers that the model learned from.")
    if found.counts["unknown"]:
        said.append("This model does not say what it learned from: it may have seen some of these papers.")
    if "hierarchical_f1" in averages:
        said.append(
            "A topic counts for those above it, too, so that a wrong topic under the right parent is right in part: "
            f"hierarchical precision {figure(averages.get('hierarchical_precision'))}, recall "
            f"{figure(averages.get('hierarchical_recall'))}."
        )
    if found.said.model.held_out_weights is not None:
        said.append("The figures are for topics as frequent as, by estimate, among the unread papers.")
    return said


def stream_sentences(found: Evaluation) -> list[str]:
    """What the papers that were asked blind and at random say of papers to come."""
    if found.blind is None:
        return []
    part, papers = found.blind, found.blind.figures.papers
    if papers < FEWEST_BLIND:
        return [f"On {counted(papers, 'paper')} {_BLIND}, too little can be told: {FEWEST_BLIND} are needed at least."]
    lines = list[str]()
    if not _stands_for_the_stream(found):  # else the verdict says it
        lines.append(f"On {counted(papers, 'paper')} {_BLIND}, it {_how_good(found.question.mode, part)}.")
    if part.no_topic is not None:
        asked = f"the {counted(papers, 'paper')} asked blind and at random"
        lines.append(f"Of new papers, {percent(part.no_topic)} fit no topic, by {asked}.")
    return lines


def decided_sentence(outcome: Outcome, precision: float) -> str:
    """What the model would have decided alone, and how much of it rightly."""
    head, papers = f"Decided automatically at {promised_share(precision)}", counted(outcome.papers, "paper")
    if not outcome.decided:
        return f"{head}: none of {papers}."
    right = "none of them given a topic that a judgement calls right or wrong"
    if outcome.assigned:
        share = outcome.right / outcome.assigned
        right = f"{outcome.right} of {counted(outcome.assigned, 'topic')} right ({share:.0%})"
    return f"{head}: {outcome.decided} of {papers}, {right}."


def decided_on_unseen(found: Evaluation, precision: float) -> str:
    """The same of the papers that the model had not seen; empty where it could only be right."""
    return "" if _lacks_no(found) else decided_sentence(found.unseen.decided, precision)


def next_steps(found: Evaluation, names: Mapping[str, str]) -> list[str]:
    """What to do next to make the model better, or to know it better, each a sentence."""
    steps: list[str] = []
    topics = [one for one in found.unseen.figures.topics if found.asked is None or one.topic in found.asked]
    few = [one for one in topics if one.topic != NONE and one.papers < _FEW_EXAMPLES]
    if few:
        told = ", ".join(f"{named(one.topic, names)} ({one.papers})" for one in few[:_SHOWN])
        more = f" and {len(few) - _SHOWN} more" if len(few) > _SHOWN else ""
        steps.append(f"Judge more papers of topics that have hardly any: {told}{more} (`labeler push`).")
    steps += _to_settle(found, names)
    ece = found.unseen.figures.reliability.ece
    if ece is not None and ece.low > _OFF and not found.only_yes:
        steps.append(f"Do not trust the probabilities: they are off by {ece.value:.0%} on average.")
    if not _stands_for_the_stream(found):
        count = found.blind.figures.papers if found.blind else 0
        steps.append(
            f"Answer more papers that are asked blind and at random ({count} so far): one in ten of `labeler push` is, "
            "or all with `--strategy random`. They alone say how good the model is on new papers."
        )
    return steps


def _to_settle(found: Evaluation, names: Mapping[str, str]) -> list[str]:
    """What is to be settled of the topics that are confused most, each pair once."""
    steps, told = list[str](), list[set[str]]()
    for pair in found.unseen.figures.confusions:
        both = {pair.missed, pair.given}
        if pair.papers < _CONFUSED or len(steps) == _PAIRS or both in told:
            continue
        told.append(both)
        papers = counted(pair.papers, "paper")
        if NONE in both:
            topic = named(min(both - {NONE}), names)
            wrongly = f"{papers} of it were given no topic" if pair.given == NONE else f"{papers} of none were given it"
            steps.append(f"Say in the definition of {topic} what belongs to it and what does not: {wrongly}.")
        else:
            steps.append(
                f"Settle what tells {named(pair.missed, names)} from {named(pair.given, names)} ({papers} of the first "
                "were given the second): say it in their definitions."
            )
    return steps


def _lacks_no(found: Evaluation) -> bool:
    """Whether of no paper it is known which topics it does not have, as in tables that name some topics each."""
    truth = found.judged.truth
    return bool((truth == 1).any() and not (truth == 0).any())


def _recalled(part: Part) -> str:
    """How many of the topics that papers are known to have are given."""
    topics = part.figures.topics
    right, papers = sum(one.right for one in topics), sum(one.papers for one in topics)
    share = proportion(right, papers)
    return f"gives {right} of {counted(papers, 'topic')} that people named" + (f" ({percent(share)})" if share else "")


def _stands_for_the_stream(found: Evaluation) -> bool:
    return found.blind is not None and found.blind.figures.papers >= _FEW_PAPERS


def _how_good(mode: Mode, part: Part) -> str:
    """The figures of a part; macro-F1 where it has enough papers of each topic to mean something."""
    exact = part.figures.exact
    told = []
    if exact is not None:
        right = "the right answer" if mode == Mode.SINGLE else "just the right topics"
        told.append(f"gives {percent(exact)} of papers {right}")
    has_levels = "hierarchical_f1" in part.figures.averages
    means = {"macro_f1": "macro-F1", "micro_f1": "micro-F1"}
    means |= {"micro_f1": "hierarchical F1"} if has_levels else {}
    if any(0 < one.papers < 3 for one in part.figures.topics) and part.figures.papers < 10 * _FEW_PAPERS:
        means.pop("macro_f1")
    means |= {metric.NAME: metric.NAME for metric in METRICS.added}
    told += [
        f"{name} {figure(part.figures.averages[key])}" for key, name in means.items() if key in part.figures.averages
    ]
    return ", ".join(told) or "has no figure, as no paper is of a topic"


def _better(found: Evaluation, papers: int) -> str:
    """Whether the model is better than a tuned logistic regression, or else the first of the other methods.

    ``papers`` is the number of those that were told of before; the comparison may be on more.
    """
    measured = [one for one in found.compared if one.averages]
    if not measured:
        return ""
    other = next((one for one in measured if one.name == REGRESSION), measured[0])
    key, name = ("average_precision", "average precision") if has_two_answers(found) else ("macro_f1", "macro-F1")
    lead = other.differences.get(key)
    if lead is None:
        return ""
    told = f"{name} {figure(lead, '+')}"
    where = "the same papers" if other.papers == papers else f"all {counted(other.papers, 'judged paper')}"
    if lead.low > 0:
        return f"It is better than {_method(other)} on {where} ({told})."
    if lead.high < 0:
        return f"It is worse than {_method(other)} on {where} ({told})."
    return f"Whether it is better than {_method(other)} cannot be told on {where} ({told})."


def has_two_answers(found: Evaluation) -> bool:
    """Whether there are two answers alone: then the order of papers counts, as one may be too rare to be given."""
    return found.question.mode == Mode.SINGLE and len(found.unseen.figures.topics) == 2


def _method(other: Compared) -> str:
    return {REGRESSION: "a tuned TF-IDF and logistic regression"}.get(other.name, other.name)


def sentences(label: str, found: Evaluation, precision: float) -> Sequence[str]:
    """Verdict, caveats, and what speaks for new papers, in the order in which they are told."""
    lines = [*verdict(label, found), *caveats(found), *stream_sentences(found), decided_on_unseen(found, precision)]
    return [line for line in lines if line]
