"""Definitions of topics as training examples: a topic's name and definition count as papers judged to be of it.

They matter most where there are few judged papers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from labeler.features.space import Points, Space
from labeler.features.tfidf import Tfidf


def definition_points(
    definitions: Mapping[str, str], topics: Sequence[str], tfidf: Tfidf, space: Space
) -> tuple[Points, list[int]]:
    """The points of definitions with words of the vocabulary, and for each the column of ``topics`` that it defines."""
    columns = [column for column, topic in enumerate(topics) if definitions.get(topic)]
    rows = tfidf.transform([definitions[topics[column]] for column in columns])
    known = np.flatnonzero(np.diff(rows.indptr))
    return space.points(rows[known]).normalized(), [columns[row] for row in known]
