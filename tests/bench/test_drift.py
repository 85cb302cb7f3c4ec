from __future__ import annotations

from labeler.measure.figures import FieldCounts
from tests.bench.drift import Outcome, alarms, table


def test_a_row_says_how_many_alarms_are_false_and_how_many_changes_are_found() -> None:
    outcomes = [
        Outcome(True, False, 100),
        Outcome(False, True, 50),
        Outcome(False, False, 400),
        Outcome(False, False, None),
    ]
    assert table([("news", 25, outcomes)]).splitlines()[2] == "| news | 25 | 1 of 4 | 1 of 4 | 250 papers |"


def test_a_stream_alarms_when_a_field_comes_new() -> None:
    stream = [{"cs.CL": 0.9}] * 200 + [{"cs.CL": 0.9}, {"cs.RO": 0.9}] * 50
    told = list(alarms(stream, FieldCounts(10, {"cs.CL": {0.1: 10}}), 50))
    assert told[:4] == [False] * 4
    assert told[-1]
