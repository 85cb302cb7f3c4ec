from __future__ import annotations

from typing import Any

import pytest

from labeler.judgements.table_labels import labels_of_table
from labeler.topics import Mode, Scheme, Topic

EMPTY = Scheme(Mode.MULTI, ())


def counts(*cells: Any, scheme: Scheme = EMPTY) -> dict[str, int]:
    found = labels_of_table([{"area": cell} for cell in cells], ["area"], scheme)
    assert found is not None
    return dict(found.counts.most_common())


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("Vision", "NLP", "Vision", "", None), {"Vision": 2, "NLP": 1}),
        (("Vision; NLP", "Vision|Robots"), {"Vision": 2, "NLP": 1, "Robots": 1}),
        (("['Vision', 'NLP']", ["NLP"]), {"NLP": 2, "Vision": 1}),
        (("NLP, Vision", "Vision", "NLP"), {"NLP": 2, "Vision": 2}),
        (("NLP, Vision", "Vision, Robots", "NLP, Robots", "Vision, NLP"), {"NLP": 3, "Vision": 3, "Robots": 2}),
        (("Robots, mobile", "Vision"), {"Robots, mobile": 1, "Vision": 1}),
        (("Physics, applied", "Physics, nuclear"), {"Physics, applied": 1, "Physics, nuclear": 1}),
        (("Vision; Vision",), {"Vision": 1}),
        (("1", "0", "", "1"), {"area": 2}),
        ((True, False), {"area": 1}),
        ((1.0, 2.0, 2.0), {"2": 2, "1": 1}),
    ],
)
def test_labels_are_counted_once_a_row(cells: tuple[Any, ...], expected: dict[str, int]) -> None:
    assert counts(*cells) == expected


def test_a_topic_whose_name_has_commas_stays_whole() -> None:
    scheme = Scheme(Mode.MULTI, (Topic("a", "Vision, NLP"),))
    assert counts("Vision, NLP", "Vision", "NLP", scheme=scheme) == {"Vision, NLP": 1, "Vision": 1, "NLP": 1}


def test_columns_are_joined_and_the_most_labels_of_a_row_are_told() -> None:
    rows = [{"Area 1": "A", "area2": "B"}, {"Area 1": "A", "area2": "A"}, {"other": "x"}]
    found = labels_of_table(rows, ["area1", "area2"], EMPTY)
    assert found is not None
    assert (dict(found.counts), found.most) == ({"A": 2, "B": 1}, 2)


def test_without_the_column_there_is_nothing() -> None:
    assert labels_of_table([{"x": "A"}], ["area"], EMPTY) is None
    assert labels_of_table([], ["area"], EMPTY) is None
