"""What a watch writes: of a file the papers of its day, of a feed the latest ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError
from labeler.flows import watch_outputs as module
from labeler.flows.watch_outputs import LabelledBatches
from labeler.history import ids_of
from labeler.papers import Paper
from labeler.watching.batches import BatchFiles
from labeler.watching.journal import Batch, Journal
from labeler.watching.settings import Watch


class AtHand:
    """A watch in the workspace of the test, and batches of papers with given titles."""

    def __init__(self, folder: Path) -> None:
        (folder / "watch").mkdir()
        self.journal, self.files = Journal(folder / "watch"), BatchFiles(folder / "watch" / "batches")

    def batch(self, day: str, *titles: str) -> Batch:
        papers = [Paper.make(title, f"{title} do what they can.") for title in titles]
        batch = {"name": self.files.write(day, papers), "date": day, "papers": list(map(ids_of, papers))}
        self.journal.note("looked", at=f"{day}T06:00:00Z", files={}, mailboxes={}, days={}, batch=batch)
        newest = self.journal.state.newest
        assert newest is not None
        return newest

    def labelled(self, **options: object) -> LabelledBatches:
        watch = Watch("morning", **options)  # type: ignore[arg-type]
        return LabelledBatches(find_workspace(), watch, self.files, self.journal)


@pytest.fixture
def at_hand(trained: Path) -> AtHand:
    return AtHand(trained)


def titles_in(path: str) -> list[str]:
    return [json.loads(line)["title"] for line in Path(path).read_text().splitlines()]


def test_a_file_has_all_papers_of_its_day_and_the_model_is_noted(at_hand: AtHand) -> None:
    at_hand.batch("2026-11-26", "Robots of yesterday")
    at_hand.batch("2026-11-27", "Robots that grasp")
    batch = at_hand.batch("2026-11-27", "Speech of robots")
    at_hand.labelled().write(batch, "days/today.jsonl")
    assert titles_in("days/today.jsonl") == ["Robots that grasp", "Speech of robots"]
    assert batch.model == "mine@1"
    assert Journal(at_hand.journal.path.parent).state.newest == batch


def test_a_feed_has_the_latest_papers_the_newest_batch_first(at_hand: AtHand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEED_PAPERS", 2)
    for number in range(4):
        batch = at_hand.batch(f"2026-11-2{number}", f"Robots of day {number}")
    at_hand.labelled().write(batch, "feed.atom")
    text = Path("feed.atom").read_text()
    assert text.index("Robots of day 3") < text.index("Robots of day 2")
    assert "Robots of day 1" not in text


def test_papers_whose_file_is_gone_are_none_and_only_wanted_ones_are_shown(at_hand: AtHand) -> None:
    batch = at_hand.batch("2026-11-27", "Robots that grasp")
    assert len(at_hand.labelled().papers(batch)) == 1
    assert at_hand.labelled().papers(batch)[0].since == "2026-11-27"
    assert at_hand.labelled(only=("judged",)).papers(batch) == []
    at_hand.files.path(batch.name).unlink()
    assert at_hand.labelled().papers(batch) == []


def test_a_place_that_cannot_be_written_is_told(at_hand: AtHand) -> None:
    batch = at_hand.batch("2026-11-27", "Robots that grasp")
    Path("days").touch()
    with pytest.raises(InputError, match="cannot make"):
        at_hand.labelled().write(batch, "days/today.jsonl")


def test_a_batch_of_a_model_that_is_gone_is_labelled_by_that_of_today(at_hand: AtHand) -> None:
    batch = at_hand.batch("2026-11-27", "Robots that grasp")
    at_hand.journal.note("model", batch=batch.name, model="gone@7")
    assert at_hand.labelled().job(batch).version.label == "mine@1"
    assert batch.model == "mine@1"
