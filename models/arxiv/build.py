"""The training of the model that comes with labeler: on arXiv papers, whose primary category is their topic.

Its figures are those of a second model, which is trained on the papers before the last three months and evaluated on
the papers of these months. The model that is saved is trained on all.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.digests import read_inputs
from labeler.errors import InputError
from labeler.files import sha256
from labeler.measure.figures import Figures, PaperCounts
from labeler.modelstore import SHIPPED
from labeler.papers import Paper
from labeler.score.manifest import Parameters, TrainingRecord
from labeler.score.persistence import save_model
from labeler.topics import Mode, Scheme, load_scheme
from models.arxiv.card import TopicFigures, card
from models.arxiv.cross_lists import LEAST, fitted, lists

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from labeler.measure.estimates import Estimate
    from labeler.score.cross_lists import CrossLists
    from labeler.score.model import TopicModel

_MIN_PAPERS = 150  # that a category needs to be a topic
# How far the prior moves towards the frequencies of categories among the latest papers, and towards equal ones; chosen
# on papers of July to September 2025, by a model of those before.
_RECENT_PAPERS, _TOWARDS_RECENT, _TOWARDS_EQUAL = 16_000, 0.25, 0.1
_PSEUDO_PAPERS = 20  # added to the latest ones, with the frequencies among all
_CROSS_LIST_SHARE = 0.2  # of a paper, for all categories beside the first one; on the same papers better than 0 and 0.1
_PRUNING_PAPERS = 8000  # that say which terms matter
_TERMS, _LEVELS = 95_000, 31  # of the compressed model; neither costs a measurable share of its quality
_HELD_OUT = 4000  # papers whose probabilities are kept: the decision bands follow from them
_PRECISION = 0.9
_MIN_EVALUATED = 20  # later papers that a category needs to have an F1 of its own


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The folder of the model, its size in bytes, its numbers of topics and papers, and its figures on later papers."""

    folder: Path
    bytes: int
    topics: int
    papers: int
    measured: Mapping[str, Estimate]


def build_model(inputs: Sequence[str], folder: Path, say: Callable[[str], None]) -> BuildResult:
    """Train the model on the papers of ``inputs``, and save it to ``folder``, in place of what is there.

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
    early_model = _compact(_trained(early, scheme), early)
    say(f"measuring on {len(late)} later papers …")
    evaluation = _Evaluation.of(early_model, late)
    say("learning from all …")
    model = replace(
        _compact(_trained(papers, scheme), papers),
        held_out=evaluation.sample(),
        held_out_folds=None,
        cross_lists=evaluation.cross_lists,
    )
    training = _training_record(papers, evaluation, scheme)
    page = card(training, model.bands(_PRECISION), evaluation.by_topic, _facts(papers, cut))
    new, former = (folder.with_name(f".{folder.name}-{kind}") for kind in ("new", "former"))
    for remains in (new, former):  # of a run that was ended
        shutil.rmtree(remains, ignore_errors=True)
    save_model(model, new, training, SHIPPED, int(folder.name), page)
    if folder.exists():
        folder.rename(former)
    new.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
    size = sum(path.stat().st_size for path in folder.iterdir())
    return BuildResult(folder, size, len(scheme.topics), training.figures.labelled, evaluation.measured)


def _training_record(papers: Sequence[Paper], evaluation: _Evaluation, scheme: Scheme) -> TrainingRecord:
    """The training record that the manifest holds."""
    counts = Counter(paper.categories[0] for paper in papers)
    figures = Figures(
        measured=evaluation.measured,
        papers=PaperCounts(counts.total(), ties=0, unlabeled=0),
        counts={topic: counts[topic] for topic in scheme.ids},
    )
    return TrainingRecord(Parameters(_PRECISION), figures, scheme)


def _facts(papers: Sequence[Paper], cut: str) -> dict[str, Any]:
    """The facts of the model card (:func:`models.arxiv.card.card`)."""
    counts = Counter(paper.categories[0] for paper in papers)
    dates = [str(paper.date)[:10] for paper in papers]
    return {
        "first": min(dates),
        "cut": cut,
        "last": max(dates),
        "evaluated": sum(date >= cut for date in dates),
        "largest": ", ".join(topic for topic, _ in counts.most_common(3)),
        "min_papers": _MIN_PAPERS,
        "min_evaluated": _MIN_EVALUATED,
        "terms": _TERMS,
        "levels": 2 * _LEVELS + 1,
        "least": LEAST,
    }


def _of_scheme(papers: Sequence[Paper], scheme: Scheme) -> tuple[list[Paper], Scheme]:
    """The dated papers of the categories that have enough of them, in a random order, and the scheme of these.

    Raises:
        InputError: there are fewer than two such categories.
    """
    dated = [paper for paper in papers if paper.categories and paper.date and paper.date[:1].isdigit()]
    counts = Counter(paper.categories[0] for paper in dated)
    topics = tuple(topic for topic in scheme.topics if counts[topic.id] >= _MIN_PAPERS)
    if len(topics) < 2:
        raise InputError(
            f"fewer than two categories of arXiv have {_MIN_PAPERS} dated papers",
            "give papers with date and categories",
        )
    ids = {topic.id for topic in topics}
    kept = [paper for paper in dated if paper.categories[0] in ids]
    return sorted(kept, key=lambda paper: sha256(paper.id.encode())), replace(scheme, topics=topics)


def _three_months_before(date: str) -> str:
    """The first day of the three calendar months that end with the month of ``date`` (ISO 8601)."""
    months = int(date[:4]) * 12 + int(date[5:7]) - 1 - 2
    return f"{months // 12:04}-{months % 12 + 1:02}-01"


def _trained(papers: Sequence[Paper], scheme: Scheme) -> TopicModel:
    """A model of all papers, whose prior is then moved towards the present frequencies of categories, and equal ones.

    What a category is called and how many papers it gets has changed in thirty years. The prior is moved a part of the
    way alone, as the frequencies in the digests that it will label are not known.
    """
    import numpy as np

    from labeler.learn.classifier import TopicClassifier

    classifier = TopicClassifier(Mode.SINGLE, definitions=scheme.definitions)
    model = classifier.fit_many(((paper, _shares(paper, scheme)) for paper in papers), scheme.ids).model_
    latest = sorted(papers, key=lambda paper: (str(paper.date), paper.id))[-_RECENT_PAPERS:]
    shares, recent = _frequencies(papers, scheme.ids), _frequencies(latest, scheme.ids)
    added, known = _PSEUDO_PAPERS / len(latest), shares > 0
    present = (recent[known] + added * shares[known]) / (1 + added)
    intercepts = model.linear.intercepts.copy()
    intercepts[known] += _TOWARDS_RECENT * np.log(present / shares[known]) - _TOWARDS_EQUAL * np.log(shares[known])
    return replace(model, linear=replace(model.linear, intercepts=intercepts))


def _shares(paper: Paper, scheme: Scheme) -> dict[str, float]:
    """The share of each category of a paper: most of it is that of the first one, which is its topic."""
    first, *others = paper.categories
    crossed = [category for category in dict.fromkeys(others) if category in scheme.ids and category != first]
    crossed_share = _CROSS_LIST_SHARE if crossed else 0.0
    return {first: 1 - crossed_share} | dict.fromkeys(crossed, crossed_share / max(len(crossed), 1))


def _frequencies(papers: Sequence[Paper], topics: Sequence[str]) -> npt.NDArray[np.float64]:
    """The share of papers of each topic (n_topics,)."""
    import numpy as np

    counts = Counter(paper.categories[0] for paper in papers)
    return np.array([counts[topic] for topic in topics]) / len(papers)


def _compact(model: TopicModel, papers: Sequence[Paper]) -> TopicModel:
    """The compressed model, as it is saved; it is the one that is evaluated, too."""
    from models.arxiv.compact import pruned, quantized

    linear = pruned(model.linear, [paper.text for paper in papers[:_PRUNING_PAPERS]], _TERMS)
    codes, scales = quantized(linear.plain_weights, _LEVELS)
    return replace(model, linear=replace(linear, weights=codes, scales=scales))


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """The evaluation on later papers: their probabilities and topics (n_papers, n_topics), and the figures of both.

    ``cross_lists`` are fitted on the papers that are kept as held-out ones, and measured on the others.
    """

    probabilities: npt.NDArray[np.float64]
    truth: npt.NDArray[np.float64]
    measured: dict[str, Estimate]
    by_topic: list[TopicFigures]
    cross_lists: CrossLists | None

    @classmethod
    def of(cls, model: TopicModel, papers: Sequence[Paper]) -> _Evaluation:
        """The evaluation of ``model`` on ``papers``."""
        import numpy as np

        from labeler.measure.estimates import bootstrap
        from labeler.measure.metrics import macro_f1

        texts, topics = [paper.text for paper in papers], list(model.linear.topics)
        batches = (texts[start : start + 1000] for start in range(0, len(texts), 1000))
        probabilities = np.vstack([model.predict_proba(batch) for batch in batches])
        answers = np.array([topics.index(paper.categories[0]) for paper in papers])
        ranks = (probabilities > probabilities[np.arange(len(answers)), answers][:, None]).sum(axis=1)
        truth = np.eye(len(topics))[answers]
        guess = np.arange(len(topics)) == probabilities.argmax(axis=1)[:, None]
        columns = truth.sum(axis=0) >= _MIN_EVALUATED
        known, predicted = truth[:, columns], guess[:, columns]
        measured = {
            "accuracy": bootstrap(lambda rows: float((ranks[rows] < 1).mean()), len(ranks)),
            "top_3": bootstrap(lambda rows: float((ranks[rows] < 3).mean()), len(ranks)),
            "macro_f1": bootstrap(lambda rows: macro_f1.score(known[rows], predicted[rows]), len(ranks), 200),
        }
        by_topic = [_topic_figures(topics, column, truth, guess) for column in range(len(topics))]
        listed = np.array([[topic in paper.categories for topic in topics] for paper in papers], np.float64)
        cross_lists = fitted(probabilities[:_HELD_OUT], listed[:_HELD_OUT])
        others = slice(_HELD_OUT, None) if len(papers) > _HELD_OUT else slice(None)
        right = listed[others]
        for name, known in (("first_f1", None), ("lists_f1", cross_lists)):
            chosen = lists(probabilities[others], known)
            measured[name] = bootstrap(partial(_micro_f1, right, chosen), len(right), 200)
        return cls(probabilities, truth, measured, by_topic, cross_lists)

    def sample(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The held-out probabilities and topics that are saved: of some papers, rounded, and without tiny values."""
        import numpy as np

        probabilities = self.probabilities[:_HELD_OUT].astype(np.float16).astype(np.float64)
        return np.where(probabilities < 0.001, 0.0, probabilities), self.truth[:_HELD_OUT]


def _micro_f1(known: npt.NDArray[np.float64], predicted: npt.NDArray[np.bool_], rows: npt.NDArray[np.intp]) -> float:
    from labeler.measure.metrics import micro_f1

    return micro_f1.score(known[rows], predicted[rows])


def _topic_figures(
    topics: Sequence[str], column: int, truth: npt.NDArray[np.float64], guess: npt.NDArray[np.bool_]
) -> TopicFigures:
    """The figures of the topic of a column of ``truth`` and ``guess`` (n_papers, n_topics)."""
    own = truth[:, column] == 1
    right, papers, predicted = int((own & guess[:, column]).sum()), int(own.sum()), int(guess[:, column].sum())
    others = guess[own].sum(axis=0)
    others[column] = 0
    f1 = 2 * right / (papers + predicted) if papers >= _MIN_EVALUATED else None
    return TopicFigures(topics[column], papers, f1, topics[int(others.argmax())] if others.any() else "")
