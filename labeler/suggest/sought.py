"""Papers that somebody looks for: those of a topic, those with some words, or both.

Those of a topic are found by its definition and keywords, together with what a model says that knows the topic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from labeler.errors import NotFoundError, UsageError
from labeler.papers import Paper
from labeler.suggest.advice import Adviser
from labeler.topics import Scheme
from labeler.wording import counted, nearest_ones

if TYPE_CHECKING:
    from labeler.features.background import Background
    from labeler.features.tfidf import Floats

COUNT = 20  # papers, where nobody says how many
_NAMED = 3  # topics that a wrong name may mean


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: papers of a ``topic`` (its id), papers with some ``words``; at least one of the two."""

    topic: str | None = None
    words: str = ""

    @classmethod
    def of(cls, scheme: Scheme, label: str | None, words: str | None) -> Self | None:
        """What the id, name or alias of a topic and some words stand for; None without either.

        Raises:
            NotFoundError: annotators are offered no such topic.
            UsageError: there is no word in the words.
        """
        from labeler.features.terms import words as words_of

        if label is None and words is None:
            return None
        if words is not None and not words_of(words):
            raise UsageError(f"there is no word of two letters or more in {words!r}", "name what papers are to hold")
        return cls(None if label is None else _offered(scheme, label), " ".join((words or "").split()))

    @property
    def asked(self) -> dict[str, Any]:
        """What is kept in the log of how papers were picked."""
        given = {"topic": self.topic, "search": self.words}
        kept = {name: value for name, value in given.items() if value}
        return {"strategy": "+".join(kept), "audit": False, **kept}

    def is_of(self, asked: Mapping[str, Any]) -> bool:
        """Whether a paper was picked by the same."""
        return (asked.get("topic"), asked.get("search", "")) == (self.topic, self.words)


class Found(NamedTuple):
    """A paper that was found, and the ``reason`` in words."""

    paper: Paper
    reason: str


def seek(
    papers: Sequence[Paper], sought: Sought, scheme: Scheme, adviser: Adviser, background: Background
) -> list[Found]:
    """The papers that fit what is looked for, the best first; where topic and words are given, by both together.

    Raises:
        NotFoundError: no paper fits.
    """
    import numpy as np

    from labeler.sampling.search import found_by_words, fused

    texts = [paper.text for paper in papers]
    orders: list[Floats] = []
    reasons: list[list[str]] = [[] for _ in texts]
    if sought.topic:
        shares = _shares(texts, sought.topic, adviser)
        orders.append(_of_topic(texts, sought.topic, scheme, background, shares))
        name = scheme.name(sought.topic)
        for at, told in enumerate(reasons):
            told.append(f"for {name}" if shares is None else f"for {name} ({shares[at]:.2f} by {adviser.label})")
    if sought.words:
        scores, holds = found_by_words(sought.words, texts, background)
        orders.append(scores)
        for held, told in zip(holds.tolist(), reasons, strict=True):
            told.append(
                f"as it holds words of “{sought.words}”" if held else f"as it is like those that hold “{sought.words}”"
            )
    fit = fused(orders)
    best = [at for at in np.argsort(-fit, kind="stable").tolist() if fit[at] > 0]
    if texts and not best:
        what = f"holds a word of “{sought.words}” that tells something" if sought.words else "is near the topic"
        hint = "name other words" if sought.words else "name words that papers of it hold with --search"
        raise NotFoundError(f"of {counted(len(papers), 'new paper')} none {what}", hint)
    return [Found(papers[at], f"picked {', '.join(reasons[at])}") for at in best]


def _of_topic(
    texts: Sequence[str], topic: str, scheme: Scheme, background: Background, shares: Floats | None
) -> Floats:
    """How well texts fit a topic (n_texts,) by its definition and keywords, beside the topics that are not its kin."""
    from labeler.sampling.search import found_by_definition

    kin = {topic, *scheme.hierarchy.ancestors.get(topic, ()), *scheme.hierarchy.descendants.get(topic, ())}
    others = [one for one in scheme.offered if one not in kin]
    own, *told = (". ".join((scheme.definitions[one], *scheme.keywords.get(one, ()))) for one in (topic, *others))
    return found_by_definition(own, told, texts, background, shares)


def _shares(texts: Sequence[str], topic: str, adviser: Adviser) -> Floats | None:
    """How probable a topic is by the model (n_texts,), None where there is no model that knows the topic."""
    import numpy as np

    model = adviser.model
    if model is None or topic not in model.topics or topic in model.unlearned:
        return None
    return np.nan_to_num(np.asarray(model.predict_proba(texts), dtype=np.float64)[:, model.topics.index(topic)])


def _offered(scheme: Scheme, label: str) -> str:
    """The id of the topic that is meant.

    Raises:
        NotFoundError: annotators are offered no such topic.
    """
    topic = scheme.find(label)
    if topic in scheme.offered:
        return str(topic)
    if topic is not None:
        raise NotFoundError(f"the topic {topic} is hidden", "annotators cannot choose it")
    names = {name: one.id for one in scheme.topics for name in (one.id, one.name, *one.aliases) if not one.hidden}
    near = [*scheme.resembling(label), *(names[name] for name in nearest_ones(label, names, _NAMED))]
    meant = [one for one in dict.fromkeys(near) if one in scheme.offered] or list(scheme.offered)
    told = ", ".join(meant[:_NAMED])
    raise NotFoundError(f"there is no topic {label!r}", f"there {'is' if len(meant) == 1 else 'are'} {told}")
