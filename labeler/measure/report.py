"""What a training came to, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeler.measure.intervals import lower_bound, upper_bound
from labeler.topics import Scheme

_NOTHING = 0.005  # a share that may as well be none


def report(name: str, details: Mapping[str, Any], unlearned: Mapping[str, str], scheme: Scheme) -> str:
    """The page, in Markdown, that is kept with a version: what it learned, from how much, and how good it is."""
    lines = [f"# {name}", "", trained_sentence(details["papers"]), ""]
    if details["measured"]:
        lines += ["Measured on judged papers that were held out, with 95 % intervals:", ""]
    for figure, value in details["measured"].items():
        lines.append(f"- {figure}: {value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]")
    lines += ["", precision_sentence(details["bands"], details["in_time"]), ""]
    if told := no_topic_sentence(details["no_topic"]):
        lines += [told, ""]
    lines += ["| topic | papers | learned |", "|---|---|---|"]
    for topic in scheme.topics:
        count = details["counts"][topic.id]
        learned = f"no: {unlearned[topic.id]}" if topic.id in unlearned else "yes" if count else "from its definition"
        name = topic.name.replace("|", r"\|")
        lines.append(f"| {name} | {count} | {learned} |")
    return "\n".join(lines) + "\n"


def trained_sentence(papers: Mapping[str, int], model: str = "") -> str:
    """What a model was trained on, in words."""
    trained = f"Trained {model} on" if model else "Trained on"
    unlabeled = f" and {papers['unread']} papers that nobody has judged" if papers["unread"] else ""
    if papers["labelled"]:
        return f"{trained} {papers['labelled']} judged papers{unlabeled}."
    return (
        f"{trained} the names and definitions of the topics{unlabeled}. No person has judged a paper yet, so nobody "
        "knows how right it is: take what it says as suggestions, and judge some."
    )


def precision_sentence(bands: Any, in_time: Mapping[str, Any] | None = None) -> str:
    """What the model may decide alone, and how right it was: the share and the precision, always together.

    Both have 95 % intervals (Clopper and Pearson). They are of the latest papers where dates are known (``in_time``).
    """
    held = in_time or bands["held_out"]
    if not bands["held_out"]["decided"]:
        return (
            f"No paper can be decided without a person yet if {bands['precision']:.0%} of the topics are to be right; "
            "more judgements will change that."
        )
    share = _with_interval(held["decided"], held["papers"])
    right = "no topics given"
    if held["assigned"]:
        right = f"{held['right']} of {held['assigned']} topics right {_with_interval(held['right'], held['assigned'])}"
    kind, how = "held-out papers", ""
    if in_time:
        kind = "later papers"
        how = f" TimeOrderedScores: those since {in_time['since']}, each decided by a model of the papers before."
    return (
        f"Without a person: {held['decided']} of {held['papers']} {kind} {share}, {right} "
        f"(promised: {bands['precision']:.0%}).{how}"
    )


def no_topic_sentence(share: Mapping[str, float] | None) -> str:
    """How many of the unlabeled papers fit no topic, in words; empty where that cannot be told."""
    if share is None:
        return ""
    fit = "of the unlabeled papers fit no topic of the scheme."
    if share["low"] < _NOTHING:
        return f"At most {share['high']:.0%} {fit}"
    return f"About {share['value']:.0%} [{share['low']:.0%}, {share['high']:.0%}] {fit}"


def _with_interval(part: int, whole: int) -> str:
    low, high = lower_bound(part, whole, 0.975), upper_bound(part, whole, 0.975)
    return f"({part / whole:.0%} [{low:.0%}, {high:.0%}])"
