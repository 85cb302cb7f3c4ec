"""A trained model as a plain scikit-learn ``Pipeline`` of ``TfidfVectorizer`` and ``LogisticRegression``.

The pipeline takes texts of the form ``f"{title} __ {title} __ {abstract}"``: the title counts twice. ``__`` is in no
vocabulary, so no pair of words (bigram) reaches from the title into the abstract.
"""

from __future__ import annotations

from operator import methodcaller
from typing import IO, Any

import joblib
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import LabelBinarizer

from labeler.features.folding import table
from labeler.features.terms import Tokenizer
from labeler.score.linear import LinearModel
from labeler.score.model import TopicModel
from labeler.topics import NONE_OF_THESE, Mode

_UNLEARNED_INTERCEPT = -1e9  # for minus infinity, which scikit-learn cannot add


def pipeline_of(model: TopicModel) -> Any:
    """A fitted ``Pipeline`` with the same probabilities: a vectorizer, and a (one-vs-rest) logistic regression.

    Its ``predict`` does not use the model's thresholds: it assigns topics from 0.5 up. In single mode its probabilities
    are those before top-label calibration (:attr:`LinearModel.top`). Topics that are above others have their own
    probabilities, whatever those of the others are.
    """
    linear = model.linear
    tokenizer = linear.tfidf.vocabulary.tokenizer
    vectorizer = TfidfVectorizer(
        vocabulary=list(linear.tfidf.terms),
        ngram_range=(1, 2),
        token_pattern=tokenizer.pattern,
        strip_accents=methodcaller("translate", table()) if tokenizer is Tokenizer.FOLDED else None,
        sublinear_tf=True,
    )
    vectorizer.idf_ = linear.tfidf.idf.astype(np.float64)
    intercepts = np.where(np.isfinite(linear.intercepts), linear.intercepts, _UNLEARNED_INTERCEPT)
    classifier = _softmax(linear, intercepts) if linear.mode == Mode.SINGLE else _one_vs_rest(linear, intercepts)
    return Pipeline([("tfidf", vectorizer), ("classifier", classifier)])


def export_pipeline(model: TopicModel, out: IO[bytes]) -> None:
    """Write the pipeline with joblib. The file is a pickle file: load it only if you trust who wrote it."""
    joblib.dump(pipeline_of(model), out)


def _softmax(linear: LinearModel, intercepts: Any) -> LogisticRegression:
    classes = np.array([*linear.topics, *([NONE_OF_THESE] if linear.with_none else [])])
    weights = linear.plain_weights.T.astype(np.float64)
    if len(classes) == 2:  # scikit-learn keeps the difference alone
        weights, intercepts = weights[[1]] - weights[[0]], intercepts[[1]] - intercepts[[0]]
    return _regression(classes, weights, intercepts)


def _one_vs_rest(linear: LinearModel, intercepts: Any) -> Any:
    weights = linear.plain_weights.astype(np.float64)
    regressions = [
        _regression(np.array([0, 1]), weights[:, [column]].T, intercepts[[column]])
        for column in range(len(linear.topics))
    ]
    if len(regressions) == 1:
        return regressions[0]
    classifier = OneVsRestClassifier(LogisticRegression())
    classifier.estimators_ = regressions
    # Fitted to rows of several ones, so that a paper may have several topics.
    classifier.label_binarizer_ = LabelBinarizer().fit(np.ones((2, len(regressions)), dtype=int))
    classifier.label_binarizer_.classes_ = np.array(linear.topics)
    return classifier


def _regression(classes: Any, weights: Any, intercepts: Any) -> LogisticRegression:
    regression = LogisticRegression()
    regression.classes_, regression.coef_, regression.intercept_ = classes, weights, intercepts
    regression.n_features_in_ = weights.shape[1]
    return regression
