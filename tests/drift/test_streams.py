from __future__ import annotations

from datetime import UTC, datetime, timedelta

from labeler.drift.streams import UNFAMILIAR, Risen, risen, streams
from labeler.history import LabellingRun
from labeler.measure.figures import FieldCounts

ROBOTS, SPEECH = {"cs.RO": 0.9}, {"cs.CL": 0.8}
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def run(day: int, *fields: dict[str, float], name: str = "", again: int = 0) -> LabellingRun:
    """A run on a day with papers of these fields, which are new but for the last ``again``."""
    numbers = [f"arxiv:{day}.{place}" for place in range(len(fields) - again)] + [f"arxiv:0.{n}" for n in range(again)]
    at = (BEGAN + timedelta(days=day)).isoformat()
    inputs = (name or f"2026-01-{day:02}.txt",)
    return LabellingRun(at, inputs, "mine@1", len(fields), ids=[[one] for one in numbers], fields=fields)


def calm(days: int = 20) -> list[LabellingRun]:
    return [run(day, *[SPEECH] * 20) for day in range(days)]


def risen_later() -> list[LabellingRun]:
    return [*calm(), *(run(day, *[SPEECH] * 16, *[ROBOTS] * 4) for day in range(20, 26))]


def test_a_field_that_comes_new_is_found_with_its_papers() -> None:
    (found,) = risen(risen_later(), None)
    assert (found.field, found.since, found.before, found.learned) == ("cs.RO", "2026-01-21", 0.0, None)
    assert (found.after, found.papers) == (0.2, 120)
    assert len(found.ids) == 24
    assert found.ids[0] in {"arxiv:25.16", "arxiv:24.16", "arxiv:25.17"}


def test_a_field_that_the_model_knows_is_no_news() -> None:
    known = FieldCounts(100, {"cs.RO": dict.fromkeys((0.1, 0.3, 0.6), 15)})
    assert risen(risen_later(), known) == []
    hardly = FieldCounts(100, {"cs.RO": {0.1: 2, 0.3: 1, 0.6: 1}})
    (found,) = risen(risen_later(), hardly)
    assert (found.learned, found.learned_from) == ({0.1: 2, 0.3: 1, 0.6: 1}[found.level], 100)


def test_a_paper_counts_once() -> None:
    runs = [run(0, *[ROBOTS] * 4, *[SPEECH] * 20), *calm()[1:]]
    runs += [run(day, *[SPEECH] * 16, *[ROBOTS] * 4, again=4) for day in range(20, 26)]
    assert risen(runs, None) == []


def test_what_a_filter_left_out_counts_as_well() -> None:
    runs = [one._replace(ids=one.ids[:2], unshown=one.ids[2:]) for one in risen_later()]
    assert [one.field for one in risen(runs, None)] == ["cs.RO"]


def test_two_digests_of_each_day_are_two_streams() -> None:
    runs = []
    for day in range(30):
        runs.append(run(2 * day, *[SPEECH] * 60, name=f"language-{day}-Jan-2026.eml"))
        runs.append(run(2 * day + 1, *[ROBOTS] * 60, name=f"robots-{day}-Feb-2026.eml"))
    assert set(streams(runs)) == {"language---.eml", "robots---.eml"}
    assert risen(runs, None) == []


def test_inputs_of_any_name_are_one_stream() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    runs = [one._replace(inputs=(letters[at] * 3,)) for at, one in enumerate(risen_later())]
    assert list(streams(runs)) == [""]
    assert [one.field for one in risen(runs, None)] == ["cs.RO"]


def test_runs_without_fields_tell_nothing() -> None:
    assert risen([one._replace(fields=()) for one in risen_later()], None) == []


def test_the_sentence() -> None:
    one = Risen("cs.RO", 0.3, "2026-01-21", 0.011, 0.2, 120, 2, 400, ("arxiv:1", "arxiv:2", "arxiv:3", "arxiv:4"))
    assert one.sentence({"cs.RO": "Robotics"}) == (
        "The papers have changed: since 2026-01-21, 24 of 120 papers are of Robotics (20%), before it were 1.1%, and "
        "of 400 papers learned from 2. Judge some of these: arxiv:1, arxiv:2, arxiv:3, …."
    )
    unfamiliar = one._replace(field=UNFAMILIAR, ids=("arxiv:1",)).sentence({})
    assert "24 of 120 papers are of words that the model does not know (20%)" in unfamiliar
    assert unfamiliar.endswith("Judge some of these: arxiv:1.")
    assert one.to_dict()["ids"] == ["arxiv:1", "arxiv:2", "arxiv:3", "arxiv:4"]
