"""Topics by name: what a name and a definition say stands in for judged papers, most of all where there are few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from labeler.features.space import Points, Space
from labeler.features.tfidf import Tfidf


def defined_points(
    definitions: Mapping[str, str], topics: Sequence[str], tfidf: Tfidf, space: Space
) -> tuple[Points, list[int]]:
    """Points of the definitions that hold known words, and the column of ``topics`` that each is of."""
    columns = [column for column, topic in enumerate(topics) if definitions.get(topic)]
    rows = tfidf.transform([definitions[topics[column]] for column in columns])
    told = np.flatnonzero(np.diff(rows.indptr))
    return space.points(rows[told]).lengthened(), [columns[row] for row in told]
