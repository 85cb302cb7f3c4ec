"""Markdown grouped by topic, for a note or a mail."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import isnan
from typing import IO

from labeler.publish.chosen import heading
from labeler.publish.labelled import LabelledPaper
from labeler.publish.reasons import reason_in_words

NAME = "md"
SUFFIXES = (".md",)
ABOUT = "Markdown, grouped by topic"
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$]|&(?=[#\w]+;))")


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
    """A heading a topic in the order of ``names``, its papers below, the most probable first; then those without."""
    groups: dict[str, list[tuple[float, LabelledPaper, tuple[str, ...]]]] = defaultdict(list)
    without: list[LabelledPaper] = []
    count = 0
    for item in papers:
        count += 1
        for topic, probability, words in item.topics:
            groups[topic].append((probability, item, words))
        if not item.topics:
            without.append(item)
    out.write(f"# {_escaped(heading(count, names))}\n")
    for topic in [*names, *sorted(groups.keys() - names.keys())]:
        if members := groups.get(topic):
            out.write(f"\n## {_escaped(names.get(topic, topic))} ({len(members)})\n\n")
            for probability, item, words in sorted(members, key=lambda member: _rank(member[0])):
                is_known = not (isnan(probability) or topic in item.by)  # beside what people gave it says nothing
                out.write(_line(item, topic, names, f"{probability:.2f}" if is_known else "", words))
    if without:
        out.write(f"\n## No topic ({len(without)})\n\n")
        for item in without:
            out.write(_line(item, "", names, "", ()))


def _line(item: LabelledPaper, topic: str, names: Mapping[str, str], probability: str, words: tuple[str, ...]) -> str:
    from labeler.papers.cleaning import printable
    from labeler.papers.dates import format_date

    paper = item.paper
    title = _escaped(paper.title or paper.abstract[:80])
    link = (
        f"[{title}](<{_target(paper.url)}>)" if paper.url and not re.search(r"[<>\s]", printable(paper.url)) else title
    )
    authors = ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")
    also = ", ".join(names.get(other, other) for other, _, _ in item.topics if other != topic)
    facts = [
        _escaped(authors),
        format_date(paper.date),
        probability,
        _escaped(", ".join(words)),
        f"also {_escaped(also)}" if also else "",
        _escaped(f"judged by {', '.join(item.by[topic])}") if topic in item.by else "",
        {"review": "to review", "judged": "" if topic in item.by else "judged"}.get(item.decision, ""),
        _escaped(reason_in_words(item, names)),
    ]
    line = " · ".join(fact for fact in facts if fact)
    line = re.sub(r"^(\d{1,9}(?=[.)]\s)|(?=[-+=]))", r"\1\\", line)
    return f"- **{link}**" + (f"  \n  {line}\n" if line else "\n")


def _rank(probability: float) -> float:
    """The key that sorts probabilities from the largest to the smallest, and unknown ones last."""
    return 1.0 if isnan(probability) else -probability


def _target(url: str) -> str:
    """The link as it stands between angle brackets."""
    return url.replace("\\", "%5C").replace("&", "&amp;")


def _escaped(text: str) -> str:
    from labeler.papers.cleaning import printable

    return _SPECIAL.sub(r"\\\1", printable(text))
