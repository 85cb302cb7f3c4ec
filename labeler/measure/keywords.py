"""The keywords of topics in papers: how many hold each, and how many of the judged ones among these are of the topic.

A paper holds a keyword whose words stand in its title or its abstract, one after the other, whatever their case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Self

from labeler.features.terms import parts_of, printed, words
from labeler.topics import Scheme
from labeler.wording import counted

_MOST_NAMED = 5  # keywords that no paper holds


class KeywordCount(NamedTuple):
    """Of the judged ``papers`` that hold a ``keyword``, ``of_topic`` are of its topic; ``unread`` ones hold it as well.

    With ``negated``, it is a keyword that papers of the topic do not hold.
    """

    keyword: str
    negated: bool
    papers: int
    of_topic: int
    unread: int = 0

    @property
    def told(self) -> str:
        """The count in words."""
        papers = counted(self.papers, "judged paper") if self.papers else "no judged paper"
        unread = f" and {self.unread} unread" if self.unread else ""
        of_topic = f", {self.of_topic} of the topic" if self.papers else ""
        return f"{'not ' if self.negated else ''}{self.keyword!r} in {papers}{of_topic}{unread}"

    def to_dict(self) -> dict[str, Any]:
        """The record as a manifest holds it."""
        return self._asdict()

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        counts = (int(record[key]) for key in ("papers", "of_topic", "unread"))
        return cls(str(record["keyword"]), bool(record["negated"]), *counts)


class KeywordTally:
    """Counts, of papers that come one by one, which hold the keywords of a scheme's topics."""

    def __init__(self, scheme: Scheme) -> None:
        self._sought = [
            (topic.id, keyword, negated, own)
            for topic in scheme.topics
            for negated, keywords in ((False, topic.keywords), (True, topic.not_keywords))
            for keyword in keywords
            if (own := words(keyword))
        ]
        self._counts = [[0, 0, 0] for _ in self._sought]
        # There may be thousands: a phrase is looked up where its first word stands, and not looked for in every text.
        self._numbers: dict[str, list[int]] = {}
        self._lengths: dict[str, set[int]] = {}
        for number, (*_, own) in enumerate(self._sought):
            self._numbers.setdefault(" ".join(own), []).append(number)
            self._lengths.setdefault(own[0], set()).add(len(own))

    def judged(self, text: str, yes: Collection[str]) -> None:
        """Count a judged paper that is of the topics ``yes``."""
        for topic, counts in self._found(text):
            counts[0] += 1
            counts[1] += topic in yes

    def unread(self, text: str) -> None:
        """Count a paper that nobody has judged."""
        for _, counts in self._found(text):
            counts[2] += 1

    def broken(self, text: str, yes: Collection[str]) -> list[tuple[str, str]]:
        """The topics of ``yes`` with a word in the text that their papers do not hold, each with the word."""
        found = [(self._sought[number][:3]) for number in self._held(text)]
        return [(topic, keyword) for topic, keyword, negated in found if negated and topic in yes]

    def counts(self) -> dict[str, tuple[KeywordCount, ...]]:
        """The counts of each topic that has keywords, in the order of the scheme."""
        found: dict[str, list[KeywordCount]] = {}
        for (topic, keyword, negated, _), counts in zip(self._sought, self._counts, strict=True):
            found.setdefault(topic, []).append(KeywordCount(keyword, negated, *counts))
        return {topic: tuple(counts) for topic, counts in found.items()}

    def _found(self, text: str) -> list[tuple[str, list[int]]]:
        """The topic and the counts of each keyword that a paper holds."""
        return [(self._sought[number][0], self._counts[number]) for number in self._held(text)]

    def _held(self, text: str) -> list[int]:
        """The numbers of the keywords that a paper holds."""
        if not self._sought:
            return []
        found: set[str] = set()
        for part in dict.fromkeys(parts_of(text)):
            own = words(part)
            for place, word in enumerate(own):
                for length in self._lengths.get(word, ()):
                    found.add(" ".join(own[place : place + length]))
        return sorted(number for phrase in found for number in self._numbers.get(phrase, ()))


def keyword_terms(scheme: Scheme | None) -> dict[str, dict[str, str]]:
    """For each topic the terms that are its keywords, as people read them, each with what it is: "keyword" or "not".

    Of a phrase these are its pairs of words, as a word of it alone may mean anything.
    """
    found: dict[str, dict[str, str]] = {}
    for topic in scheme.topics if scheme else ():
        for kind, keywords in (("not", topic.not_keywords), ("keyword", topic.keywords)):
            for keyword in keywords:
                own = words(keyword)
                pairs = [printed(f"{one} {other}") for one, other in pairwise(own)]
                found.setdefault(topic.id, {}).update(dict.fromkeys(pairs or own, kind))
    return found


def not_found(counts: Mapping[str, Sequence[KeywordCount]], scheme: Scheme) -> list[str]:
    """A note on keywords that no paper holds, as they tell less; no note where every one is found."""
    missing = [
        f"{one.keyword!r} ({scheme.name(topic)})"
        for topic, some in counts.items()
        for one in some
        if not (one.papers or one.unread or one.negated)
    ]
    if not missing:
        return []
    more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
    return [f"no paper holds these keywords: {', '.join(missing[:_MOST_NAMED])}{more}; write them as papers do"]
