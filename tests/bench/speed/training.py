"""The whole training with its selection beside a grid search of scikit-learn over as many candidates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.bench.speed.material import ARXIV
from tests.bench.speed.turns import Row, in_turns

_PAPERS, _TOPICS = 5000, 25
_FOLDS = 5


def rows() -> Iterator[Row]:
    """The row of the table: CPU seconds, all in one thread."""
    import pandas as pd
    from joblib import parallel_config
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import Pipeline
    from threadpoolctl import threadpool_limits

    from labeler import TopicClassifier

    frame = pd.read_parquet(ARXIV)
    primary = frame["categories"].map(lambda listed: str(listed[0]))
    kept = frame[primary.isin(primary.value_counts().index[:_TOPICS])].sample(_PAPERS, random_state=0)
    texts = [f"{title}\n{abstract}" for title, abstract in zip(kept["title"], kept["abstract"], strict=True)]
    topics = [primary[row] for row in kept.index]
    with threadpool_limits(1), parallel_config(n_jobs=1):
        candidates: list[int] = []

        def ours() -> None:
            candidates.append(len(TopicClassifier().fit(texts, topics).parameters_["candidates"]))

        def theirs() -> None:
            steps = [
                ("tfidf", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)),
                ("model", OneVsRestClassifier(LogisticRegression(solver="liblinear", dual=True))),
            ]
            strengths = np.geomspace(1, 30, max(candidates))
            GridSearchCV(Pipeline(steps), {"model__estimator__C": strengths}, cv=_FOLDS, n_jobs=1).fit(texts, topics)

        mine, other = in_turns(ours, theirs, 1)
    peer = f"GridSearchCV, {candidates[0]} candidates × {_FOLDS} folds"
    yield Row(f"training with selection, {_PAPERS:,} papers × {_TOPICS} topics; peer: {peer}", mine, other, "×3 (×8)")
