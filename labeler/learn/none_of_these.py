"""How often "none of these" is to be expected, in single mode.

Topics have names and definitions, and papers of one are alike; papers that fit none are of any kind. A model that
learned from few of them finds too few of them: so their score is shifted until held-out papers are as often of none of
the topics by the model as by people (of the kind of bias-corrected temperature scaling: A. Alexandari et al., "Maximum
likelihood with bias-corrected calibration is hard-to-beat at label shift adaptation", 2020).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import expit, logsumexp

from labeler.learn.calibration import MIN_HELD_OUT, temperature

Floats = npt.NDArray[np.float64]
# Judged papers of none of the topics with which the shift is half. On the development split without four of its 24
# topics, over three draws of papers and topics, macro-F1 at 25, 100 and 250 labels was .618, .653 and .685 without a
# shift, .626, .660 and .693 with 10, .622, .661 and .691 with 2; F1 of none of the topics was .26, .39 and .58 without
# and .34, .48 and .70 with 10.
_FEW = 10.0
_BEYOND = 50.0  # log-odds beyond those of all papers, where every one or none is of none of the topics


def none_shift(scores: Floats, answers: Floats) -> float:
    """What is to be added to held-out ``scores`` of the last column, "none of these".

    ``scores`` are minus infinity where there is none; ``answers`` have a 1 in the column of each paper's answer. Both
    are (n_papers, n_columns). The result is 0 where too little is known.
    """
    usable = np.isfinite(scores[:, -1]) & np.isfinite(scores[:, :-1]).any(axis=1) & (answers == 1).any(axis=1)
    papers, none = int(usable.sum()), int((answers[usable, -1] == 1).sum())
    if papers < MIN_HELD_OUT or not 0 < none < papers:
        return 0.0
    factor = temperature(scores, answers)
    log_odds = factor * (scores[usable, -1]) - logsumexp(factor * scores[usable, :-1], axis=1)
    most = float(np.abs(log_odds).max()) + _BEYOND
    shift = brentq(lambda shift: float(expit(log_odds + shift).sum()) - none, -most, most)
    return float(shift / factor * none / (none + _FEW))
