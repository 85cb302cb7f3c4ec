"""The model that comes with labeler, made again from a pile of arXiv papers: the primary category of each is its topic.

What is told of its quality comes from a second model, which learns from the papers before the last three months and is
asked about those after. The one that is kept learns from all.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files as package_files
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.digests import read_inputs
from labeler.errors import InputError
from labeler.files import sha256
from labeler.modelstore import SHIPPED
from labeler.papers import Paper
from labeler.score.persistence import save_model
from labeler.topics import Scheme, load_scheme
from models.arxiv.card import card

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from labeler.measure.metrics import Estimate
    from labeler.score.model import TopicModel

_FEWEST = 150  # papers that a category needs
_LEARNED = 7900  # papers that are learned from: of more, words alone are, which tells rare categories apart less well
_TERMS, _LEVELS = 100_000, 31  # what is kept of the model; neither costs it a measurable share of its quality
_HELD = 4000  # papers whose probabilities the decisions rest on
_PRECISION = 0.9
_SEVERAL = 20  # later papers from which on a category's own F1 says something


@dataclass(frozen=True, slots=True)
class Ready:
    """What the making came to: where the model lies, its size, and its figures on later papers."""

    folder: Path
    bytes: int
    topics: int
    papers: int
    measured: Mapping[str, Estimate]


def make_ready(inputs: Sequence[str], folder: Path, say: Callable[[str], None]) -> Ready:
    """Make the model from the papers of ``inputs`` and put it at ``folder``, in place of what is there.

    Raises:
        InputError: an input is missing or unreadable, or too few of its papers have a date and a category of arXiv.
    """
    if not folder.name.isdecimal():
        raise InputError(f"{folder} is no version of a model", "name it by its number, such as models/arxiv/1")
    scheme = load_scheme(Path(str(package_files("labeler").joinpath("shipped/arxiv.toml"))))
    say("reading papers …")
    papers, scheme = _of_scheme(read_inputs(inputs).papers, scheme)
    cut = _three_months_before(max(str(paper.date) for paper in papers))
    early = [paper for paper in papers if str(paper.date) < cut]
    late = [paper for paper in papers if str(paper.date) >= cut]
    if not early:
        raise InputError(f"no paper is older than {cut}", "give papers of more than three months")
    say(f"{len(papers)} papers of {len(scheme.topics)} categories; learning from those before {cut} …")
    tried = _compact(_learned(early, scheme), early)
    say(f"asking about {len(late)} later papers …")
    asked = _Asked.about(tried, late)
    say("learning from all …")
    model = replace(_compact(_learned(papers, scheme), papers), held_out=asked.sample())
    details, facts = _details(folder, model, papers, asked, scheme), _facts(papers, cut)
    made, former = (folder.with_name(f".{folder.name}-{kind}") for kind in ("made", "former"))
    for left in (made, former):  # by a run that was stopped
        shutil.rmtree(left, ignore_errors=True)
    save_model(model, made, details, card(details, asked.by_topic, facts))
    if folder.exists():
        folder.rename(former)
    made.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
    size = sum(path.stat().st_size for path in folder.iterdir())
    return Ready(folder, size, len(scheme.topics), details["papers"]["labelled"], asked.measured)


def _details(folder: Path, model: TopicModel, papers: Sequence[Paper], asked: _Asked, scheme: Scheme) -> dict[str, Any]:
    """What the manifest tells."""
    counts = Counter(paper.categories[0] for paper in _chosen(papers))
    return {
        "name": SHIPPED,
        "version": int(folder.name),
        "parameters": {"precision": _PRECISION},
        "measured": {name: figure.to_dict() for name, figure in asked.measured.items()},
        "bands": model.bands(_PRECISION).to_dict(),
        "papers": {"labelled": counts.total(), "ties": 0, "unread": 0},
        "counts": {topic: counts[topic] for topic in scheme.ids},
        "scheme": scheme.to_dict(),
    }


def _facts(papers: Sequence[Paper], cut: str) -> dict[str, Any]:
    """What only the card tells."""
    counts = Counter(paper.categories[0] for paper in papers)
    dates = [str(paper.date)[:10] for paper in papers]
    return {
        "first": min(dates),
        "cut": cut,
        "last": max(dates),
        "pile": len(papers),
        "asked": sum(date >= cut for date in dates),
        "largest": ", ".join(topic for topic, _ in counts.most_common(3)),
        "fewest": _FEWEST,
        "several": _SEVERAL,
        "terms": _TERMS,
        "levels": 2 * _LEVELS + 1,
    }


def _of_scheme(papers: Sequence[Paper], scheme: Scheme) -> tuple[list[Paper], Scheme]:
    """The papers with a date whose primary category has enough of them, in an order of chance; those categories."""
    dated = [paper for paper in papers if paper.categories and paper.date and paper.date[:1].isdigit()]
    counts = Counter(paper.categories[0] for paper in dated)
    topics = tuple(topic for topic in scheme.topics if counts[topic.id] >= _FEWEST)
    if len(topics) < 2:
        raise InputError(
            f"fewer than two categories of arXiv have {_FEWEST} dated papers", "give papers with date and categories"
        )
    ids = {topic.id for topic in topics}
    kept = [paper for paper in dated if paper.categories[0] in ids]
    return sorted(kept, key=lambda paper: sha256(paper.id.encode())), replace(scheme, topics=topics)


def _three_months_before(date: str) -> str:
    """The first day of the three months that ``date`` ends."""
    months = int(date[:4]) * 12 + int(date[5:7]) - 1 - 2
    return f"{months // 12:04}-{months % 12 + 1:02}-01"


def _chosen(papers: Sequence[Paper]) -> list[Paper]:
    """The first papers of each category: the more the larger it is, by the square root."""
    counts = Counter(paper.categories[0] for paper in papers)
    each = _LEARNED / sum(map(sqrt, counts.values()))
    taken: Counter[str] = Counter()
    kept = []
    for paper in papers:
        topic = paper.categories[0]
        taken[topic] += 1
        if taken[topic] <= each * sqrt(counts[topic]):
            kept.append(paper)
    return kept


def _learned(papers: Sequence[Paper], scheme: Scheme) -> TopicModel:
    """A model of some papers of each category, then drawn halfway to how frequent categories are in the pile.

    Only halfway, as nobody knows how frequent they are in the digests it will be asked about.
    """
    import numpy as np

    from labeler.learn.classifier import TopicClassifier

    chosen = _chosen(papers)
    topics = [paper.categories[0] for paper in chosen]
    model = TopicClassifier("single", definitions=scheme.definitions).fit(chosen, topics, classes=scheme.ids).model_
    learned, there = Counter(topics), Counter(paper.categories[0] for paper in papers)
    more = np.array([there[topic] / learned[topic] if learned[topic] else 1.0 for topic in scheme.ids])
    return replace(model, linear=replace(model.linear, intercepts=model.linear.intercepts + np.log(more) / 2))


def _compact(model: TopicModel, papers: Sequence[Paper]) -> TopicModel:
    """The model as it is stored, so that what is measured is what is kept."""
    from models.arxiv.compact import pruned, quantized

    linear = pruned(model.linear, [paper.text for paper in _chosen(papers)], _TERMS)
    codes, scales = quantized(linear.plain_weights, _LEVELS)
    return replace(model, linear=replace(linear, weights=codes, scales=scales))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Probabilities (n_papers, n_topics) of later papers, their topics as a matrix, and the figures of both."""

    probabilities: npt.NDArray[np.float64]
    truth: npt.NDArray[np.float64]
    measured: dict[str, Estimate]
    by_topic: list[dict[str, Any]]

    @classmethod
    def about(cls, model: TopicModel, papers: Sequence[Paper]) -> _Asked:
        """What ``model`` says of ``papers``, measured."""
        import numpy as np

        from labeler.measure.metrics import bootstrap, macro_f1

        texts, topics = [paper.text for paper in papers], list(model.linear.topics)
        said = np.vstack([model.predict_proba(texts[start : start + 1000]) for start in range(0, len(texts), 1000)])
        answers = np.array([topics.index(paper.categories[0]) for paper in papers])
        ranks = (said > said[np.arange(len(said)), answers][:, None]).sum(axis=1)
        truth = np.eye(len(topics))[answers]
        guess = np.arange(len(topics)) == said.argmax(axis=1)[:, None]
        several = truth.sum(axis=0) >= _SEVERAL
        known, given = truth[:, several], guess[:, several]
        measured = {
            "accuracy": bootstrap(lambda rows: float((ranks[rows] < 1).mean()), len(ranks)),
            "top_3": bootstrap(lambda rows: float((ranks[rows] < 3).mean()), len(ranks)),
            "macro_f1": bootstrap(lambda rows: macro_f1(known[rows], given[rows]), len(ranks), 200),
        }
        return cls(said, truth, measured, [_figures(topics, column, truth, guess) for column in range(len(topics))])

    def sample(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Probabilities and answers that decisions can rest on, without what takes room and says nothing."""
        import numpy as np

        said = self.probabilities[:_HELD].astype(np.float16).astype(np.float64)
        return np.where(said < 0.001, 0.0, said), self.truth[:_HELD]


def _figures(
    topics: Sequence[str], column: int, truth: npt.NDArray[np.float64], guess: npt.NDArray[np.bool_]
) -> dict[str, Any]:
    """How well one topic is told, and for which other one it is taken most often."""
    own = truth[:, column] == 1
    right, asked, given = int((own & guess[:, column]).sum()), int(own.sum()), int(guess[:, column].sum())
    others = guess[own].sum(axis=0)
    others[column] = 0
    return {
        "topic": topics[column],
        "asked": asked,
        "f1": 2 * right / (asked + given) if asked >= _SEVERAL else None,
        "taken_for": topics[int(others.argmax())] if others.any() else "",
    }
