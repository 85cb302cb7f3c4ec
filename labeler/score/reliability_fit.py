"""What held-out papers say of how often decisions are right, by their confidence.

Above each confidence the precision of decisions is estimated from all held-out papers
(:mod:`labeler.score.right_by_confidence`), and how sure that is by the Bayesian bootstrap over papers (D. Rubin, "The
Bayesian bootstrap", 1981). A promise is kept from a confidence up where hardly a draw of the bootstrap says less. With
exact tests (Y. Geifman and R. El-Yaniv, "Selective classification for deep neural networks", 2017) the surest papers
alone speak for the threshold, and many draws of some hundred papers decide nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.measure.estimates import proportion
from labeler.score.decision import Rule
from labeler.score.linear import expit, logit
from labeler.score.reliability import NOTHING_KNOWN, Curve, Reliability, effective_size
from labeler.score.right_by_confidence import Decisions, fit
from labeler.topics.mode import Mode

Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
_DRAWS, _MOST_VALUES = 200, 1_000_000  # of the bootstrap; fewer of them where there are very many decisions
_MOST_CUTS = 512  # confidences at which the precision above is kept
_PROMISES = np.arange(1, 1000) / 1000
_SHORTFALL, _MOST_DOUBT = 0.014, 0.28
_ALL_RIGHT = 0.1  # so many decisions, all right, show a precision p where p ** count is no more than this
_UNSEEN = 0.5  # wrong decisions that are added: where all are right, the bootstrap would know no doubt
_CONTRADICTED = 0.5  # of a wrong decision: what a contradicted paper tells
_PICKED = 0.05  # of a usual paper: how much a picked one says of which confidences occur
_RANGE = (0.025, 0.975)


class PaperKinds(NamedTuple):
    """What is to know of held-out papers (n_papers,), None where no paper is of the kind.

    Of ``contradicted`` papers some topics are named, and none of these is among those given to them; what else applies
    is not known. A topic that is given to one counts as half a decision that is wrong. ``picked`` ones were chosen by a
    strategy, as harder than usual ones: they say how right decisions are for each topic and confidence, but for a
    difference that the other papers tell, and the others say how often which confidence occurs.
    """

    contradicted: Flags | None = None
    picked: Flags | None = None


USUAL = PaperKinds()


def reliability(
    probabilities: Floats,
    matrix: Floats,
    rule: Rule,
    weights: Floats | None = None,
    kinds: PaperKinds = USUAL,
    seed: int = 0,
) -> Reliability:
    """What held-out papers say of a model's decisions.

    ``probabilities`` (n_papers, n_columns) are those of the held-out papers, ``matrix`` (n_papers, n_topics) says which
    topics they have: 1 yes, 0 no, NaN unknown. In single mode a row of zeros is "none of these", which is the last
    column of ``probabilities``. ``weights`` (n_papers,) say how much each paper counts, where the papers that the model
    is for have topics in other shares than these; by default all count the same. The offsets of ``rule`` are not used.
    """
    weights = np.ones(len(probabilities)) if weights is None else weights
    weights = weights * effective_size(weights) / max(float(weights.sum()), 1e-12)  # as many papers as they are worth
    columns = rule.probabilities(probabilities).shape[1]
    curve, offsets = _fitted(_topics_given(probabilities, matrix, rule, weights, kinds), columns, seed)
    none, [offset] = _fitted(_none_given(probabilities, matrix, rule, weights, kinds), 1, seed)
    return Reliability(offsets, curve, none._replace(confidences=expit(logit(none.confidences) - offset)))


class _Outcomes(NamedTuple):
    """Decisions (n,) that are known to be right or wrong, and their papers; ``weights`` say how much each counts."""

    decisions: Decisions
    papers: Ints
    right: Flags
    weights: Floats


def _topics_given(probabilities: Floats, matrix: Floats, rule: Rule, weights: Floats, kinds: PaperKinds) -> _Outcomes:
    """The topics that are assigned to papers; the arrays are those of :func:`reliability`."""
    known, given = ~np.isnan(matrix), rule.probabilities(probabilities)
    doubtful = np.zeros(len(known), bool) if kinds.contradicted is None else kinds.contradicted
    assigned = rule.most_specific(rule.assigned(probabilities)) & np.isfinite(given[:, : matrix.shape[1]])
    if rule.mode == Mode.SINGLE:
        assigned &= np.isfinite(given).all(axis=1, keepdims=True)
    papers, topics = np.nonzero(assigned & (known | doubtful[:, None]))
    worth = np.where(known[papers, topics], 1.0, _CONTRADICTED)
    decisions = Decisions(logit(given[papers, topics]), topics, _picked(kinds, papers))
    return _Outcomes(decisions, papers, matrix[papers, topics] == 1, worth * weights[papers])


def _none_given(probabilities: Floats, matrix: Floats, rule: Rule, weights: Floats, kinds: PaperKinds) -> _Outcomes:
    """Of all papers, how sure it is that no topic applies, and whether none does.

    In single mode a paper without a topic is known to have none, also where a topic was not asked for.
    """
    given, has_topic = rule.probabilities(probabilities), (matrix == 1).any(axis=1)
    is_single = rule.mode == Mode.SINGLE
    known = ~np.isnan(matrix).all(axis=1) if is_single else ~np.isnan(matrix).any(axis=1) | has_topic
    if is_single and given.shape[1] == matrix.shape[1]:  # "none of these" is no answer
        known = np.zeros(len(matrix), bool)
    papers = np.flatnonzero(known & np.isfinite(given).all(axis=1))
    sure = given[papers, -1] if is_single else 1 - given[papers].max(axis=1, initial=0.0)
    decisions = Decisions(logit(sure), np.zeros(len(papers), np.intp), _picked(kinds, papers))
    return _Outcomes(decisions, papers, ~has_topic[papers], weights[papers])


def _picked(kinds: PaperKinds, papers: Ints) -> Flags:
    return np.zeros(len(papers), bool) if kinds.picked is None else kinds.picked[papers]


def _fitted(outcomes: _Outcomes, column_count: int, seed: int) -> tuple[Curve, Floats]:
    """The curve of decisions, and the offset of each column."""
    decisions, papers, right, weights = outcomes
    if not len(papers):
        return NOTHING_KNOWN, np.zeros(column_count)
    answers = right.astype(np.float64)
    of_all = fit(decisions, answers, weights[None, :], column_count)
    offsets = of_all.offsets[0] / of_all.coefficients[0, 1]
    draws = int(np.clip(_MOST_VALUES // len(papers), _DRAWS // 5, _DRAWS))
    rng = np.random.default_rng(seed)
    _, paper = np.unique(papers, return_inverse=True)
    fits = fit(decisions, answers, rng.exponential(size=(draws, paper.max() + 1))[:, paper] * weights, column_count)
    # The least sure of a paper's topics says whether the paper is decided, and then all of them count.
    sure = np.full(paper.max() + 1, np.inf)
    np.minimum.at(sure, paper, decisions.log_odds + offsets[decisions.topics])
    order = np.argsort(-sure[paper], kind="stable")
    usual = weights * np.where(decisions.picked, _PICKED, 1.0)
    expected = fits.of_usual_papers(decisions)[:, order] * usual[order]
    precisions = np.cumsum(expected, axis=1) / np.cumsum(usual[order])
    precisions *= 1 - _UNSEEN * rng.exponential(size=(draws, 1)) / max(effective_size(weights), 1.0)
    descending = sure[paper][order]
    last = np.flatnonzero(np.append(descending[1:] != descending[:-1], True))
    last = last[np.unique(np.linspace(0, len(last) - 1, min(len(last), _MOST_CUTS)).round().astype(int))][::-1]
    above = _effective_sizes(weights[order], paper[order])[last]
    return _curve(expit(descending[last]), precisions[:, last], above, effective_size(weights)), offsets


def _effective_sizes(weights: Floats, papers: Ints) -> Floats:
    """The effective size (n,) of the first decisions, of the first two, and so on, where those of a paper are alike."""
    of_paper = np.bincount(papers, weights)
    return np.asarray(np.cumsum(weights) ** 2 / np.cumsum(weights * of_paper[papers]))


def _curve(confidences: Floats, precisions: Floats, above: Floats, decisions: float) -> Curve:
    """The curve from the ``precisions`` (n_draws, n) above each of ``confidences`` (n,), which so many decisions tell.

    So many of them are ``above`` (n,) each confidence. The fit knows little doubt where nearly all are right, so that
    the range of a precision is at least the exact one of so many decisions with as many right as are expected.

    A promise is kept where it is in all draws but a share, its doubt. A shortfall of more than one in a hundred is
    hardly more errors at a promise of .8, and many more at .95; the fit, in turn, is the more careful the nearer it is
    to 1, where few are wrong. So the doubt is the share of that shortfall among the errors that are allowed.
    """
    doubts = np.minimum(_MOST_DOUBT, _SHORTFALL / (1 - _PROMISES))
    in_order = np.sort(precisions, axis=0)
    at = doubts * (len(in_order) - 1)
    below, share = np.floor(at).astype(int), (at % 1)[:, None]
    quantiles = in_order[below] * (1 - share) + in_order[np.minimum(below + 1, len(in_order) - 1)] * share
    kept = np.where(quantiles >= _PROMISES[:, None], _PROMISES[:, None], 0.0).max(axis=0)
    low, high = np.quantile(precisions, _RANGE, axis=0)
    for cut, (share, count) in enumerate(zip(np.median(precisions, axis=0), above, strict=True)):
        if exact := proportion(share * count, count):
            low[cut], high[cut] = min(low[cut], exact.low), max(high[cut], exact.high)
    return Curve(confidences, np.minimum(kept, _ALL_RIGHT ** (1 / max(decisions, 1e-6))), low, high)
