"""The report of a trained version, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeler.measure.estimates import Estimate
from labeler.measure.figures import Bands, Figures, FixedSet, Outcome, PaperCounts
from labeler.measure.intervals import lower_bound, upper_bound
from labeler.measure.keywords import KeywordCount
from labeler.papers.languages import told_shares
from labeler.topics import Mode, Scheme
from labeler.wording import counted

FEWEST_BLIND = 10  # papers asked blind: of fewer, the interval of a share says next to nothing
_NOTABLE = 0.02  # difference of shares from which it is told of
_UNLIKE, _UNLIKE_ERRORS = 1 / 7, 4.0  # difference of shares, and standard errors, from which papers are unlike others
_FEWEST_DECIDED, _LEAST_DECIDED = 20, 0.02  # held-out papers, and their share, from which another promise is advised
_NEGLIGIBLE = 0.005  # a share whose lower bound is below this may be zero


def report(
    name: str, figures: Figures, bands: Bands, unlearned: Mapping[str, str], scheme: Scheme, told: Sequence[str] = ()
) -> str:
    """The page in Markdown that is kept with a version: what it was trained on, how good it is, and its topics.

    ``told`` are sentences on what it learned from beside that; empty ones are passed over.
    """
    lines = [
        f"# {name}",
        "",
        trained_sentence(figures.papers or PaperCounts(0, 0, 0), keywords=bool(figures.keywords)),
        "",
    ]
    for sentence in filter(None, told):
        lines += [sentence, ""]
    if figures.measured:
        lines += ["Measured on judged papers that were held out, with 95 % intervals:", ""]
        lines += [sentence, ""] if (sentence := stream_sentence(figures, scheme)) else []
    lines += [f"- {metric}: {estimate}" for metric, estimate in figures.measured.items()]
    for sentence in (picked_sentence(figures), near_duplicates_sentence(figures.papers)):
        lines += ["", sentence] if sentence else []
    lines += ["", sentence] if (sentence := evaluation_set_sentence(figures.evaluation_set)) else []
    lines += ["", precision_sentence(bands, figures.time_ordered, figures.promises), ""]
    if sentence := no_topic_sentence(figures.no_topic, figures.no_topic_asked):
        lines += [sentence, ""]
    lines += ["| topic | papers | learned |", "|---|---|---|"]
    for topic in scheme.topics:
        count = (figures.counts or {}).get(topic.id, 0)
        written = "from its definition" + (" and keywords" if has_keywords(figures, topic.id) else "")
        learned = f"no: {unlearned[topic.id]}" if topic.id in unlearned else "yes" if count else written
        name = topic.name.replace("|", r"\|")
        lines.append(f"| {name} | {count} | {learned} |")
    lines += ["", sentence] if (sentence := keywords_left_out_sentence(figures, scheme)) else []
    if figures.keywords:
        lines += ["", "Keywords, which judged papers overrule:", ""]
        lines += [f"- {sentence}" for sentence in keyword_sentences(figures.keywords, scheme)]
    return "\n".join(lines) + "\n"


def keyword_sentences(keywords: Mapping[str, Sequence[KeywordCount]], scheme: Scheme) -> list[str]:
    """For each topic in how many papers its keywords are, and how many of the judged ones are of the topic."""
    return [f"{scheme.name(topic)}: {'; '.join(one.told for one in some)}" for topic, some in keywords.items()]


def has_keywords(figures: Figures, topic: str) -> bool:
    """Whether a model learned from keywords that papers of a topic hold."""
    return any(not one.negated for one in figures.keywords.get(topic, ()))


def keywords_left_out_sentence(figures: Figures, scheme: Scheme) -> str:
    """That the keywords of a scheme were not learned from; empty where they were, or there are none."""
    if figures.keywords or not (scheme.keywords or scheme.not_keywords):
        return ""
    return "Keywords were left out: beside this many judged papers they are not learned from."


def trained_sentence(papers: PaperCounts, model: str = "", keywords: bool = False) -> str:
    """How many papers a model was trained on, in words, or that it was on names, definitions and ``keywords`` alone."""
    trained = f"Trained {model} on" if model else "Trained on"
    unlabeled = f" and {counted(papers.unlabeled, 'paper')} that nobody has judged" if papers.unlabeled else ""
    languages = f" They are in {told_shares(papers.languages)}." if papers.languages else ""
    if papers.labelled:
        return f"{trained} {counted(papers.labelled, 'judged paper')}{unlabeled}.{languages}"
    sources = ", definitions and keywords" if keywords else " and definitions"
    return (
        f"{trained} the names{sources} of the topics{unlabeled}.{languages} No person has judged a paper yet, "
        "so nobody knows how right it is: take what it says as suggestions, and judge some."
    )


def picked_sentence(figures: Figures) -> str:
    """What is to know of the metrics where a strategy picked many papers; empty where it picked none."""
    picked = figures.papers.picked if figures.papers else 0
    if not picked or figures.right is None:
        return ""
    low, high = figures.right
    told = "1 of these papers was picked" if picked == 1 else f"{picked} of these papers were picked"
    return (
        f"{told}, as harder than usual or for a topic: they are no fair sample, and new papers mostly fare better. "
        f"Of all topics given to new papers, {low:.0%} to {high:.0%} will be right."
    )


def near_duplicates_sentence(papers: PaperCounts | None) -> str:
    """How many judged papers nearly repeat another one, and what was made of that; empty where none does."""
    count = papers.near_duplicates if papers else 0
    if not count:
        return ""
    told = "1 paper is a near-copy of another" if count == 1 else f"{count} papers are near-copies of others"
    return f"{told}; they were kept on one side of what is learned from and what is tested on."


def evaluation_set_sentence(found: FixedSet | None) -> str:
    """The figures on the papers that no version learns from, in words; empty where there are none."""
    if found is None or not found.measured:
        return ""
    figures = ", ".join(
        f"{name.replace('_f1', '-F1')} {one.value:.2f} [{one.low:.2f}, {one.high:.2f}]"
        for name, one in found.measured.items()
    )
    return f"On the evaluation set, {counted(found.papers, 'judged paper')} that no version learns from: {figures}."


def stream_sentence(figures: Figures, scheme: Scheme) -> str:
    """For which shares of topics the figures are, with the two that differ most; empty where none differs.

    A share differs where it is larger or smaller by half, and by more than a fiftieth of all papers.
    """
    if not figures.stream_shares or not figures.labelled:
        return ""
    differences = []
    for topic, share in figures.stream_shares.items():
        judged = (figures.counts or {}).get(topic, 0) / figures.labelled
        if abs(share - judged) > max(_NOTABLE, min(share, judged) / 2):
            differences.append((abs(share - judged), f"{scheme.name(topic)} {share:.0%} (of the judged {judged:.0%})"))
    if not differences:
        return ""
    told = ", ".join(words for _, words in sorted(differences, reverse=True)[:2])
    return f"The figures are for topics as frequent as, by estimate, among the unread papers: {told}."


def unlike_sentence(
    found: Mapping[str, int], papers: int, expected: Mapping[str, float], names: Mapping[str, str], mode: Mode
) -> str:
    """What is said where topics are not as frequent among ``papers`` as the model expects; empty where they are.

    ``found`` are the papers of each topic, by the model, and ``expected`` the shares of topics. A topic is told of
    where its share is larger or smaller by a seventh of all papers, and by four standard errors.
    """
    differences = []
    for topic, share in expected.items():
        here = found.get(topic, 0) / max(papers, 1)
        error = (share * (1 - share) / max(papers, 1)) ** 0.5
        if abs(here - share) > max(_UNLIKE, _UNLIKE_ERRORS * error):
            told = f"{names.get(topic, topic)} {here:.0%} of these papers, {share:.0%} by what the model learned"
            differences.append((abs(here - share), told))
    if not differences:
        return ""
    told = "; ".join(words for _, words in sorted(differences, reverse=True)[:2])
    advice = (  # only in single mode are the shares among unread papers estimated
        "`labeler train --unread` with papers like these makes it expect them"
        if mode == Mode.SINGLE
        else "judge some papers like these (`labeler push`, `labeler export --count`), and train again"
    )
    return f"topics are not as frequent as the model expects: {told}; {advice}"


def precision_sentence(bands: Bands, time_ordered: Outcome | None = None, promises: Sequence[Bands] = ()) -> str:
    """The share of papers that are decided automatically and the precision of their topics, always together.

    Both have 95 % intervals (Clopper and Pearson) where they are counted. The precision that is expected on new papers
    is by all held-out papers together (:mod:`labeler.score.reliability_fit`). A ``time_ordered`` outcome is that of the
    latest papers. ``promises`` are the decision bands of other promises, which are told of as well where they decide
    enough held-out papers: a few surest ones are found in any answers, also in such that mean nothing.
    """
    outcome, promised = bands.held_out, promised_share(bands.precision)
    others = [other for other in promises if other.precision != bands.precision and _is_supported(other.held_out)]
    if not outcome.decided:
        sentence = f"No paper can be decided automatically if {promised} of the topics are to be right."
        if not others:
            return f"{sentence} Nothing can be promised yet: judge more papers, and train again."
        best = max(others, key=lambda other: other.precision)
        return f"{sentence} {_at(best, first=True)} (`labeler train --precision {best.precision:g}`)."
    right = (
        _right(outcome) if bands.interval is None else f"{outcome.right} of {counted(outcome.assigned, 'topic')} right"
    )
    expected = within = ""
    if bands.interval is not None and outcome.assigned:
        low, high = (f"{bound:.0%}" for bound in bands.interval)
        share = low if low == high else f"{low.rstrip('%')}–{high}"
        expected = f"; by all of them together, {share} of such topics on new papers will be right"
        within = ", within these bounds" if bands.interval[0] < bands.precision < bands.interval[1] else ""
    lines = [
        f"Decided automatically: {outcome.decided} of {outcome.papers} held-out papers "
        f"{with_interval(outcome.decided, outcome.papers)}, {right}{expected} (promised: {promised}{within})."
    ]
    if time_ordered:
        lines.append(
            f"In the order of time: {time_ordered.decided} of {time_ordered.papers} papers since {time_ordered.since} "
            f"{with_interval(time_ordered.decided, time_ordered.papers)}, {_right(time_ordered)}, each decided by a "
            "model of the papers before."
        )
    if others:
        lines.append("; ".join(_at(other, other is others[0]) for other in others) + ".")
    return " ".join(lines)


def _is_supported(outcome: Outcome) -> bool:
    """Whether so many papers were decided that another promise can rest on them."""
    return outcome.decided >= max(_FEWEST_DECIDED, _LEAST_DECIDED * outcome.papers)


def _right(outcome: Outcome) -> str:
    """How many topics are right, with the interval of the share."""
    if not outcome.assigned:
        return "no topics given"
    interval = with_interval(outcome.right, outcome.assigned)
    return f"{outcome.right} of {counted(outcome.assigned, 'topic')} right {interval}"


def _at(bands: Bands, first: bool) -> str:
    """How many papers are decided at another promise."""
    share = promised_share(bands.precision)
    promised = f"{share} right can be promised for" if first else f"{share} for"
    return f"{promised} {bands.held_out.decided} of {bands.held_out.papers}"


def promised_share(precision: float) -> str:
    """A promised precision in per cent, not rounded: 99.9 % is another promise than 100 %, which none is."""
    return f"{100 * precision:g}%"


def no_topic_sentence(share: Estimate | None, asked: int = 0) -> str:
    """The share of unlabeled papers that fit no topic, in words; empty where it is not known.

    It rests on so many papers that were ``asked`` blind and at random; 0 where it was estimated otherwise.
    """
    if share is None:
        return ""
    fit = "of the unread papers fit no topic of the scheme."
    if asked:
        fit = f"of new papers fit no topic of the scheme, by the {counted(asked, 'paper')} asked blind and at random."
    if share.low < _NEGLIGIBLE:
        return f"At most {share.high:.0%} {fit}"
    return f"About {share.value:.0%} [{share.low:.0%}, {share.high:.0%}] {fit}"


def with_interval(part: int, whole: int) -> str:
    """A share with its 95 % interval (Clopper and Pearson), as in ``(50% [7%, 93%])``."""
    low, high = lower_bound(part, whole, 0.975), upper_bound(part, whole, 0.975)
    return f"({part / whole:.0%} [{low:.0%}, {high:.0%}])"
