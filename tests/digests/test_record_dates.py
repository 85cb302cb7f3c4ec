from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.record_dates import DATES, date_of


@pytest.mark.parametrize(
    ("record", "date"),
    [
        ({"publicationdate": "FEB", "publicationyear": "2020"}, "2020-02"),
        ({"publicationdate": "DEC 16", "publicationyear": "2020"}, "2020-12-16"),
        ({"publicationyear": "2020", "datepublished": "2020-02-03"}, "2020-02-03"),
        ({"publicationyear": "2020", "datepublished": "2021-02-03"}, "2020"),
        ({"year": "2020", "updated": "2020-02-03"}, "2020"),
        ({"year": "2020", "month": "2.0", "day": "3.0"}, "2020-02-03"),
        ({"year": "2020", "month": "Feb"}, "2020-02"),
        ({"year": "2020", "month": "13", "day": "3"}, "2020"),
        ({"date": "forthcoming", "year": "2020"}, "2020"),
        ({"date": "20200203"}, "2020-02-03"),
        ({"date": "20201399"}, None),
        ({"date": "MAR 5"}, "--03-05"),
        ({"month": "2"}, None),
        ({}, None),
    ],
)
def test_the_most_exact_date_of_a_record(record: dict[str, str], date: str | None) -> None:
    assert date_of(record, str) == date


@given(st.dictionaries(st.sampled_from([*DATES, "month", "day"]), st.text(max_size=12) | st.integers()))
def test_any_record_has_a_date_or_none(record: dict[str, object]) -> None:
    date = date_of(record, str)
    assert date is None or date_of({"date": date}, str) == date
