"""How many of the papers nobody has judged fit no topic of the scheme.

Where judged papers are drawn from the same stream, papers of the scheme among the unlabeled ones look like them, and
others do not. A regression tells judged from unlabeled papers by what they are about; each is scored by one that has
not seen it. The scores at which judged papers abound hold few strangers, and the share of unlabeled papers there, over
that of the judged, is the share of papers of the scheme (S. Garg et al., "Mixture proportion estimation and PU
learning: a modern approach", 2021, who choose one such place; here a mean over some, as judged papers are few). To it
is added the share of judged papers of which people said that no topic fits.

That takes papers for strangers, too, which are merely of topics that were judged more seldom than they come. So the
same is worked out from the spread of scores (:mod:`labeler.score.familiarity`), which does not mind that, but misses
strangers that resemble a topic. The interval spans both; where it is wide, nothing is said.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.features.space import Points
from labeler.measure.metrics import Estimate

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_ENOUGH = 100  # papers of each kind below which nothing can be told
_MOST = 3000  # unlabeled papers that are looked at
_WEIGHTS = (0.45, 0.20)  # of the latent blocks, as where few papers are learned from
_C = 0.3  # C of the regression: it is to find kinds of papers, not single ones
_PLACES = (0.2, 0.3, 0.4)  # shares of judged papers that lie below the scores looked at
_FURTHER = 0.5  # fewer strangers lie above this place, but fewer papers, too: it tells how many there may be
_SPREAD = 0.3  # the same for the spread
_FOLDS, _ROUNDS = 5, 200
_WIDE = 0.45  # width of an interval that says nothing


def no_topic_share(
    judged: Points, unlabeled: Points, none: Flags, spreads: tuple[Floats, Floats], seed: int
) -> Estimate | None:
    """The share of ``unlabeled`` papers that fit no topic, with a 95 % interval; None where it cannot be told.

    ``none`` (n_judged,) marks judged papers that no topic fits; ``spreads`` are those of the scores of judged papers,
    held out, and of unlabeled ones.
    """
    if min((~none).sum(), len(unlabeled)) < _ENOUGH:
        return None
    chance = np.random.RandomState(seed)
    some = np.sort(chance.permutation(len(unlabeled))[:_MOST])
    scores = _likeness(judged, unlabeled.take(some), chance)
    known, strange = spreads[0], spreads[1][some]
    found = _drawn(scores, none, known, strange, np.arange(len(judged)), np.arange(len(some)))
    draws = np.array(
        [
            _drawn(
                scores,
                none,
                known,
                strange,
                chance.randint(len(judged), size=len(judged)),
                chance.randint(len(some), size=len(some)),
            )
            for _ in range(_ROUNDS)
        ]
    )
    lows, highs = np.quantile(draws, 0.025, axis=0), np.quantile(draws, 0.975, axis=0)
    low, high = max(0.0, float(lows[:2].min())), min(1.0, float(highs.max()))
    if high - low > _WIDE:
        return None
    return Estimate(float(np.clip(max(found[:2]), low, high)), low, high)


def _drawn(
    scores: tuple[Floats, Floats],
    none: Flags,
    known: Floats,
    strange: Floats,
    ours: npt.NDArray[np.intp],
    theirs: npt.NDArray[np.intp],
) -> tuple[float, float, float]:
    """The estimates from a draw of judged papers (``ours``) and unlabeled ones (``theirs``).

    They are by likeness, by spread, and the most that likeness allows.
    """
    *unlike, most = (_missing(scores[0][ours], scores[1][theirs], place) for place in (*_PLACES, _FURTHER))
    refused = float(none[ours].mean())
    spread = _missing(known[ours][~none[ours]], strange[theirs], _SPREAD)
    alike = (1 - float(np.mean(unlike))) * (1 - refused)
    return 1 - alike, spread, 1 - (1 - most) * (1 - refused)


def _missing(judged: Floats, unlabeled: Floats, place: float) -> float:
    """The share of ``unlabeled`` that lacks, so that as many as of ``judged`` would lie above a quantile of those."""
    threshold = np.quantile(judged, place)
    return float(1 - (unlabeled >= threshold).mean() / (judged >= threshold).mean())


def _likeness(judged: Points, unlabeled: Points, chance: np.random.RandomState) -> tuple[Floats, Floats]:
    """How much like judged papers each of ``judged`` and of ``unlabeled`` is, by regressions that have not seen it."""
    from sklearn.linear_model import LogisticRegression

    sides = [
        np.hstack([np.sqrt(w) * block for w, block in zip(_WEIGHTS, part.blocks, strict=True)])
        for part in (judged, unlabeled)
    ]
    points, answers = np.vstack(sides), np.repeat([1, 0], [len(judged), len(unlabeled)])
    folds = np.concatenate([chance.permutation(len(part)) % _FOLDS for part in (judged, unlabeled)])
    scores = np.zeros(len(points))
    for fold in range(_FOLDS):
        inside = folds != fold
        model = LogisticRegression(C=_C, class_weight="balanced", max_iter=200)
        model.fit(points[inside], answers[inside])
        scores[~inside] = model.decision_function(points[~inside])
    return scores[: len(judged)], scores[len(judged) :]
