"""Papers that stand for many others: the ones nearest to the centres of clusters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

Matrix = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]
Chance = np.random.RandomState  # its stream is the same in every version of numpy
_CLUSTERS = 400  # more would take long; each then gives more than one paper
_SAMPLE = 6000  # papers that are clustered; of more, a sample
_STARTS = 2


def medoids(vectors: Matrix, count: int, chance: Chance) -> list[int]:
    """Positions of ``count`` rows of ``vectors`` (n, k), or all of fewer.

    They are the medoids of as many clusters (k-means), the largest cluster's first; where more are wanted than there
    can be clusters, then the ones next to the medoids, and so on.
    """
    from sklearn.cluster import KMeans

    rows: Rows = np.arange(len(vectors))
    if len(vectors) > max(_SAMPLE, 5 * count):
        rows = np.sort(chance.permutation(len(vectors))[: max(_SAMPLE, 5 * count)])
    if not len(rows):
        return []
    clusters = min(count, _CLUSTERS, len(rows) // 2, len(np.unique(vectors[rows], axis=0)))
    if clusters < 2:
        return [int(row) for row in rows[_outwards(vectors[rows])[:count]]]
    with threadpool_limits(1):  # sums of several threads end in other digits, and other papers
        found = KMeans(clusters, n_init=_STARTS, random_state=chance).fit(vectors[rows])
    sizes = np.bincount(found.labels_, minlength=clusters)
    distances = ((vectors[rows] - found.cluster_centers_[found.labels_]) ** 2).sum(axis=1)
    order = np.lexsort((rows, distances, found.labels_))
    turns = np.empty(len(rows), dtype=np.intp)  # 0 for the medoid of a cluster, 1 for the one next to it, ...
    turns[order] = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    best = np.lexsort((rows, found.labels_, -sizes[found.labels_], turns))
    return [int(row) for row in rows[best[:count]]]


def _outwards(vectors: Matrix) -> Rows:
    """The rows from their centre outwards: one cluster."""
    return np.argsort(((vectors - vectors.mean(axis=0)) ** 2).sum(axis=1), kind="stable")
