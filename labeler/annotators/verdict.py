"""What agreement means, in words. The bounds are those of K. Krippendorff, "Content analysis", 2004, p. 241: rely on
what has an alpha of .800 or more, and draw only tentative conclusions from what has .667 or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeler.annotators.agreement import Agreement, TopicAgreement
from labeler.annotators.resamples import FEWEST_PAPERS, Figure
from labeler.measure.intervals import lower_bound
from labeler.topics.mode import Mode
from labeler.wording import counted

SOLID, TENTATIVE = 0.8, 0.667
COEFFICIENTS = {
    "agreement": "share of pairs of people who gave a paper just the same",
    "alpha": "Krippendorff's alpha",
    "ac1": "Gwet's AC1",
    "pabak": "PABAK",
    "multi_valued_alpha": "Krippendorff's alpha of sets of topics, multi-valued",
    "masi_alpha": "Krippendorff's alpha of sets of topics, with the distance MASI",
}
_FEWEST_DISPUTES = 5  # papers from which on a topic is said to be the problem
_SURE = 0.95  # confidence that people disagree on a topic more than on others
_PROBLEM = "The definition of"
_NAMED = 3  # topics


def word_of(alpha: Figure) -> str:
    """What an alpha means: the whole interval counts, not the figure alone."""
    if alpha.value is None:
        return "all answers are the same"
    if alpha.low is None or alpha.high is None:
        return "too few"
    if alpha.low >= SOLID:
        return "solid"
    if alpha.low >= TENTATIVE:
        return "usable with care"
    return "too low" if alpha.high < TENTATIVE else "not clear yet"


def sentences(found: Agreement, names: Mapping[str, str]) -> list[str]:
    """The verdict, the most important first; ``names`` are those of topics, by their ids."""
    people = counted(len(found.annotators), "annotator")
    judged = f"{counted(found.judgements, 'judgement')} of {people} on {counted(found.judged_papers, 'paper')}"
    if not found.papers:
        alone = [f"{judged}; no paper was judged by two, so nothing says how far people agree."]
        return [*alone, *_self_sentences(found)]
    alike = found.papers - found.distinct
    near = f" ({alike} of them nearly {'repeats' if alike == 1 else 'repeat'} another one)" if alike else ""
    were = "was" if found.papers == 1 else "were"
    told = [f"{judged}; {found.papers} {were} judged by two or more{near}.", _overall_sentence(found)]
    return [
        *told,
        *_problem_sentences(found, names),
        *_time_sentence(found),
        *_changed(found, names),
        *_self_sentences(found),
    ]


def _overall_sentence(found: Agreement) -> str:
    alpha = found.alpha
    name = "Krippendorff's alpha" if found.mode == Mode.SINGLE else "Krippendorff's alpha of sets of topics"
    match word_of(alpha):
        case "all answers are the same":
            return f"{name} cannot be told: all answers are the same."
        case "too few":
            enough = found.distinct >= FEWEST_PAPERS
            why = "too few of them can be compared" if enough else "papers that two judged are too few"
            return (
                f"{name} is {alpha.value:.2f}; {why} for an interval ({FEWEST_PAPERS} are needed), and for a verdict."
            )
        case "solid":
            meaning = f"solid: the whole interval is at {SOLID} or above"
        case "usable with care":
            meaning = f"usable with care: the interval is at {TENTATIVE} or above, but begins below {SOLID}"
        case "too low":
            meaning = f"too low to rely on: the whole interval is below {TENTATIVE}"
        case _:
            meaning = f"not clear yet: {TENTATIVE} is inside the interval; have more papers judged by two"
    return f"{name} is {alpha}: {meaning}."


def _problem_sentences(found: Agreement, names: Mapping[str, str]) -> list[str]:
    """What people disagree on: which definition is the problem, where that can be told, and where alpha is low."""
    every = len(found.disagreements.papers)
    if not every:
        return ["Nobody disagreed on any paper."]
    worst = max(found.topics, key=lambda topic: (topic.disputed, topic.topic))
    told = [_worst_sentence(found, worst, names)]
    low = [topic for topic in found.topics if word_of(topic.alpha) == "too low"]
    if told[0].startswith(_PROBLEM):
        low = [topic for topic in low if topic is not worst]
    if low:
        listed = ", ".join(f"{names.get(one.topic, one.topic)} ({one.alpha.value:.2f})" for one in _lowest(low))
        told.append(f"Alpha is too low to rely on for {listed}{' …' if len(low) > _NAMED else ''}.")
    if found.disagreements.confused and len(found.disagreements.confused[0].papers) > 1:
        pair = found.disagreements.confused[0]
        one, other = names.get(pair.one, pair.one), names.get(pair.other, pair.other)
        told.append(f"Most often taken for each other: {one} and {other} ({counted(len(pair.papers), 'paper')}).")
    return told


def _worst_sentence(found: Agreement, worst: TopicAgreement, names: Mapping[str, str]) -> str:
    """What the topic that is disputed most stands for: its definition is the problem, unless something else may be."""
    every, name = len(found.disagreements.papers), names.get(worst.topic, worst.topic)
    if 2 * worst.disputed < every:
        return f"People disagree on {counted(every, 'paper')}; no topic stands for half of these."
    told = f"{counted(every, 'disagreement')} {worst.disputed} are {name} or not {name}"
    others = [topic for topic in found.topics if topic is not worst]
    if worst.alpha.low is not None and worst.alpha.low >= SOLID:
        return f"Of {told}; people agree on it well all the same."
    if worst.disputed < _FEWEST_DISPUTES:
        return f"Of {told}; of so few nothing follows."
    doubt = _doubt(found, worst, others, names) if others else ""
    return f"Of {told}{doubt}." if doubt or not others else f"{_PROBLEM} {name} is the problem: of {told}."


def _doubt(found: Agreement, worst: TopicAgreement, others: Sequence[TopicAgreement], names: Mapping[str, str]) -> str:
    """Why a definition need not be the problem: another topic is disputed nearly as often (by the sign test, on papers
    where one of the two is), or this one no more often than others, of all papers that it is given to.
    """
    rival = max(others, key=lambda topic: (topic.disputed, topic.topic))
    of_worst, of_rival = (set(found.disagreements.topics[topic.topic]) for topic in (worst, rival))
    if lower_bound(len(of_worst - of_rival), len(of_worst ^ of_rival), _SURE) <= 1 / 2:
        other = names.get(rival.topic, rival.topic)
        return f", and {rival.disputed} {other} or not {other}: these do not tell which definition is unclear"
    usual = sum(topic.disputed for topic in others) / max(sum(topic.given for topic in others), 1)
    if lower_bound(worst.disputed, worst.given, _SURE) <= usual:
        return ", which may be only because it is given often"
    return ""


def _lowest(topics: list[TopicAgreement]) -> list[TopicAgreement]:
    return sorted(topics, key=lambda topic: topic.alpha.value or 0.0)[:_NAMED]


def _time_sentence(found: Agreement) -> list[str]:
    if not found.periods:
        return []
    bounds = [(period.alpha.low or 0.0, period.alpha.high or 0.0) for period in found.periods]
    told = " → ".join(f"{period.alpha}" for period in found.periods)
    moved = _moved(found.periods[0].alpha, found.periods[-1].alpha)
    if not moved and max(low for low, _ in bounds) > min(high for _, high in bounds):
        moved = "it went to and fro"
    return [f"By thirds of the papers in time: {told}; {moved or 'no clear change'}."]


def _moved(earlier: Figure, later: Figure) -> str:
    """How a figure moved; empty where its intervals meet, or one is missing."""
    if None in (earlier.low, earlier.high, later.low, later.high):
        return ""
    if (later.low or 0.0) > (earlier.high or 0.0):
        return "it rose"
    return "it fell" if (later.high or 0.0) < (earlier.low or 0.0) else ""


def _changed(found: Agreement, names: Mapping[str, str]) -> list[str]:
    """How agreement on topics moved since their definitions changed."""
    told = []
    for one in found.redefined:
        name, days = names.get(one.topic, one.topic), sorted({one.last.at[:10], one.first.at[:10]})
        when = f"on {days[0]}" if len(days) == 1 else f"between {days[0]} and {days[1]}"
        models = f"by the schemes of {one.last.label} and {one.first.label}"
        sides = [side.alpha if side else Figure(None) for side in (one.before, one.after)]
        papers = [side.papers if side else 0 for side in (one.before, one.after)]
        changed = f"The definition of {name} changed {when} ({models}). Alpha on it was {sides[0]} before, of "
        changed += f"{counted(papers[0], 'paper')} that two judged, and is {sides[1]} since, of {papers[1]}"
        has_both = all(side.low is not None for side in sides)
        told.append(f"{changed}: {_moved(*sides) or ('no clear change' if has_both else 'too few to compare')}.")
    return told


def _self_sentences(found: Agreement) -> list[str]:
    """How often people gave the same answer where they were asked twice."""
    asked = [one for one in found.selves if one.asked_again]
    if not asked:
        return []
    same, every = sum(one.same for one in asked), sum(one.asked_again for one in asked)
    who = asked[0].annotator if len(asked) == 1 else f"{len(asked)} people"
    return [f"Asked twice, {who} gave just the same answer to {same} of {counted(every, 'paper')}."]
