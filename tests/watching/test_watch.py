"""Watches as a whole: what is new is labelled and published once, whatever fails."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import time
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labeler.flows import watch as flow
from labeler.flows import watch_outputs
from labeler.watching import inputs
from tests.conftest import Labeler
from tests.watching.conftest import SETTINGS, arrive, batches_of, journal_of, titles_in, watch_with


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PAUSE", 0.0)


def test_what_is_new_is_published_once(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "monday.jsonl", ["Robots that grasp", "Models of language"])
    first = labeler("watch", "--once")
    assert first.code == 0
    assert "morning: 2 new papers, labelled by arxiv@1: digest.md, days/" in first.err
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp", "Models of language"]
    before = Path("digest.md").stat().st_mtime_ns
    second = labeler("watch", "--once")
    assert (second.code, second.err.strip()) == (0, "morning: nothing new")
    assert Path("digest.md").stat().st_mtime_ns == before


def test_papers_of_one_day_stand_together(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    arrive(watched, "two.jsonl", ["Models of language", "Robots that grasp"])
    assert "1 new paper" in labeler("watch", "--once").err
    [day] = Path("days").iterdir()
    assert titles_in(day) == titles_in(Path("latest.jsonl")) == ["Robots that grasp", "Models of language"]


def test_a_new_day_takes_the_place_of_the_one_before_but_in_dated_files(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    journal = watched / ".labeler/watch/morning/journal.jsonl"
    [today] = Path("days").iterdir()
    journal.write_text(journal.read_text().replace(f'"date": "{today.stem}"', '"date": "2020-01-31"'))
    today.rename("days/2020-01-31.jsonl")
    arrive(watched, "two.jsonl", ["Models of language"])
    labeler("watch", "--once")
    assert titles_in(Path("days/2020-01-31.jsonl")) == ["Robots that grasp"]
    assert titles_in(today) == titles_in(Path("latest.jsonl")) == ["Models of language"]


def test_two_watches_each_have_all_papers(labeler: Labeler, watched: Path) -> None:
    second = SETTINGS.replace("morning", "second").replace("digest", "other").replace("latest", "other")
    watch_with(watched, SETTINGS + second.replace("days/", "other-days/"))
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    told = labeler("watch", "--once")
    assert told.code == 0
    assert titles_in(Path("latest.jsonl")) == titles_in(Path("other.jsonl")) == ["Robots that grasp"]
    assert "second: nothing new" in labeler("watch", "--once", "second").err


def test_a_paper_that_was_labelled_by_hand_is_still_published(labeler: Labeler, watched: Path) -> None:
    digest = arrive(watched, "one.jsonl", ["Robots that grasp"])
    assert labeler("label", digest).code == 0
    assert "1 new paper" in labeler("watch", "--once").err


def test_a_file_that_grows_gives_what_is_new_in_it(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "all.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    arrive(watched, "all.jsonl", ["Robots that grasp", "Models of language"])
    labeler("watch", "--once")
    assert batches_of(watched) == [["Robots that grasp"], ["Models of language"]]


def test_a_copy_and_a_touched_file_are_not_read_again(labeler: Labeler, watched: Path) -> None:
    first = arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    shutil.copy(first, "inbox/copy.jsonl")
    os.utime(first)
    assert "nothing new" in labeler("watch", "--once").err
    assert "nothing new" in labeler("watch", "--once").err


def test_many_papers_of_one_title_are_many(labeler: Labeler, watched: Path) -> None:
    lines = [{"title": "Editorial", "abstract": f"On number {number} of this journal."} for number in range(3)]
    for number, line in enumerate(lines):
        Path(f"inbox/{number}.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
        labeler("watch", "--once")
    assert len(batches_of(watched)) == 3


def test_what_is_refused_is_told_once_and_stops_nothing(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    Path("inbox/slides.pdf").write_bytes(b"%PDF-1.4\n...")
    first = labeler("watch", "--once")
    assert first.code == 3
    assert "slides.pdf is a PDF file" in first.err
    assert "read again when it changes" in first.err
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]
    second = labeler("watch", "--once")
    assert (second.code, second.err.strip()) == (0, "morning: nothing new")
    Path("inbox/slides.pdf").write_text('{"title": "Slides", "abstract": "They are text now."}\n')
    assert "1 new paper" in labeler("watch", "--once").err


def test_a_missing_input_is_told_and_the_others_are_read(labeler: Labeler, watched: Path) -> None:
    watch_with(
        watched, SETTINGS.replace('"inbox/"', '"nowhere/", "none.txt", "inbox/*.jsonl", "inbox/*.ris", "other/*.ris"')
    )
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    outcome = labeler("watch", "--once")
    assert outcome.code == 3
    assert "none.txt" in outcome.err
    assert "inbox/*.ris" not in outcome.err  # a pattern may match nothing yet
    assert "there is no folder other yet, in which other/*.ris would be found" in outcome.err
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]


def test_an_empty_folder_is_no_fault(labeler: Labeler, watched: Path) -> None:
    outcome = labeler("watch", "--once")
    assert (outcome.code, outcome.err.strip()) == (0, "morning: nothing new")
    assert not Path("latest.jsonl").exists()


def test_a_digest_without_papers_is_no_fault(labeler: Labeler, watched: Path) -> None:
    Path("inbox/sunday.json").write_text("[]")
    outcome = labeler("watch", "--once")
    assert outcome.code == 0
    assert "nothing new" in outcome.err
    assert labeler("watch", "--once").err.strip() == "morning: nothing new"


def test_what_is_being_written_is_left_for_the_next_run(
    labeler: Labeler, watched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(watched, "whole.jsonl", ["Robots that grasp"])
    growing = arrive(watched, "growing.jsonl", ["Models of language"])

    def grow(_: float) -> None:
        with growing.open("a") as stream:
            stream.write('{"title": "More of it", "abstract": "We go on."}\n')

    with monkeypatch.context() as patch:
        patch.setattr(time, "sleep", grow)
        outcome = labeler("watch", "--once")
    assert outcome.code == 0
    assert "still being written, and left for the next run" in outcome.err
    labeler("watch", "--once")
    assert batches_of(watched) == [["Robots that grasp"], ["Models of language", "More of it"]]


PAPERS = [{"title": f"Paper {number} of robots", "abstract": "We study robots at length. " * 5} for number in range(40)]


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("papers.json", data)
    return file.getvalue()


def whole_file(name: str) -> bytes:
    """The bytes of a digest of these papers, by the ending of its name."""
    file, as_json = io.BytesIO(), json.dumps(PAPERS).encode()
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(PAPERS), file)
    elif name.endswith(".xlsx"):
        book = openpyxl.Workbook()
        for row in [["title", "abstract"], *([paper["title"], paper["abstract"]] for paper in PAPERS)]:
            book.active.append(row)
        book.save(file)
    made = {
        ".json": as_json,
        ".jsonl": "".join(json.dumps(paper) + "\n" for paper in PAPERS).encode(),
        ".gz": gzip.compress(as_json),
        ".zip": zipped(as_json),
        ".rss": "<rss version='2.0'><channel><title>x</title>{}</channel></rss>".format(
            "".join(
                f"<item><title>{paper['title']}</title><description>{paper['abstract']}</description></item>"
                for paper in PAPERS
            )
        ).encode(),
    }
    return file.getvalue() or made[Path(name).suffix]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.json.gz", "a.zip", "a.parquet", "a.xlsx", "a.rss"])
def test_a_file_that_breaks_off_is_left_while_it_is_fresh(labeler: Labeler, watched: Path, name: str) -> None:
    data, path = whole_file(name), Path("inbox", name)
    path.write_bytes(data[: len(data) // 2])
    outcome = labeler("watch", "--once")
    assert outcome.code == 0
    assert f"left for the next run: {path.resolve()}" in outcome.err
    path.write_bytes(data)
    assert "40 new papers" in labeler("watch", "--once").err
    assert len(batches_of(watched)) == 1


def test_a_file_that_breaks_off_and_stays_so_is_read_as_it_is(labeler: Labeler, watched: Path) -> None:
    path = Path("inbox/cut.jsonl")
    path.write_text('{"title": "Whole", "abstract": "We end."}\n{"title": "Cut", "abstr', encoding="utf-8")
    assert "left for the next run" in labeler("watch", "--once").err
    hour = time.time() - 3600
    os.utime(path, (hour, hour))
    assert "1 new paper" in labeler("watch", "--once").err
    assert batches_of(watched) == [["Whole"]]


def test_an_empty_file_is_left_while_it_is_fresh(labeler: Labeler, watched: Path) -> None:
    path = Path("inbox/empty.jsonl")
    path.touch()
    assert "left for the next run" in labeler("watch", "--once").err
    os.utime(path, (1, 1))
    outcome = labeler("watch", "--once")
    assert outcome.code == 3
    assert "empty" in outcome.err
    assert labeler("watch", "--once").err.strip() == "morning: nothing new"


@pytest.mark.parametrize("name", ["a.jsonl.part", "a.jsonl.crdownload", ".a.jsonl", "a.jsonl.tmp", "a.jsonl~"])
def test_files_of_programs_that_copy_are_not_read(labeler: Labeler, watched: Path, name: str) -> None:
    arrive(watched, name, ["Robots that grasp"])
    assert "nothing new" in labeler("watch", "--once").err


def test_outputs_in_a_watched_folder_are_no_inputs(labeler: Labeler, watched: Path) -> None:
    watch_with(watched, '[[watch]]\ninputs = ["inbox/"]\noutputs = ["inbox/all.md", "inbox/{date}.jsonl"]\n')
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    assert labeler("watch", "--once").err.strip() == "daily: nothing new"


def test_an_output_that_fails_is_tried_again_and_stops_no_other(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    Path("digest.md").mkdir()
    outcome = labeler("watch", "--once")
    assert outcome.code == 3
    assert "digest.md" in outcome.err
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]
    Path("digest.md").rmdir()
    again = labeler("watch", "--once")
    assert (again.code, again.err.strip().splitlines()[-1]) == (
        0,
        "morning: nothing new, labelled by arxiv@1: digest.md",
    )
    assert "nothing new" in labeler("watch", "--once").err.splitlines()[-1]


def test_an_output_that_is_new_in_the_settings_is_written_of_the_newest_papers(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    watch_with(watched, SETTINGS.replace('"digest.md"', '"digest.md", "table.csv"'))
    assert "table.csv" in labeler("watch", "--once").err
    assert "Robots that grasp" in Path("table.csv").read_text()
    assert labeler("watch", "--once").err.strip() == "morning: nothing new"


def test_only_some_papers_are_shown(labeler: Labeler, watched: Path) -> None:
    watch_with(watched, SETTINGS + 'only = ["none"]\n')
    arrive(watched, "one.jsonl", ["Robots that grasp", "Models of language"])
    assert labeler("watch", "--once").code == 0
    assert all(json.loads(line)["decision"] == "none" for line in Path("latest.jsonl").read_text().splitlines())
    assert len(batches_of(watched)[0]) == 2


def test_all_outputs_of_a_batch_are_of_one_model(
    labeler: Labeler, trained: Path, trained_twice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("inbox").mkdir()
    Path("digest.md").mkdir()
    watch_with(trained, SETTINGS)
    arrive(trained, "one.jsonl", ["Robots that grasp"])
    assert "labelled by mine@1" in labeler("watch", "--once").err
    shutil.copytree(trained_twice / "models", trained / "models", dirs_exist_ok=True)
    Path("digest.md").rmdir()
    assert "labelled by mine@1: digest.md" in labeler("watch", "--once").err
    arrive(trained, "two.jsonl", ["Models of language"])
    assert "labelled by mine@2" in labeler("watch", "--once").err


def test_a_second_process_says_so_and_does_nothing(labeler: Labeler, watched: Path) -> None:
    import fcntl

    arrive(watched, "one.jsonl", ["Robots that grasp"])
    Path(".labeler/watch").mkdir(parents=True)
    with Path(".labeler/watch/lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        outcome = labeler("watch", "--once")
        assert (outcome.code, outcome.err.strip()) == (
            0,
            "Another `labeler watch` is at work here; nothing was done.",
        )
        assert not Path("latest.jsonl").exists()
    assert "1 new paper" in labeler("watch", "--once").err


def test_a_torn_journal_goes_on(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    with Path(".labeler/watch/morning/journal.jsonl").open("a") as stream:
        stream.write('nonsense\n{"event": "later"}\n[]\n{"event": "done", "batch"')
    arrive(watched, "two.jsonl", ["Models of language"])
    outcome = labeler("watch", "--once")
    assert outcome.code == 0
    assert "1 new paper" in outcome.err
    assert batches_of_readable(watched) == [["Robots that grasp"], ["Models of language"]]


def batches_of_readable(workspace: Path) -> list[list[str]]:
    journal = workspace / ".labeler/watch/morning/journal.jsonl"
    lines = [line for line in journal.read_text().splitlines() if line.startswith('{"event"') and "later" not in line]
    journal.write_text("".join(f"{line}\n" for line in lines))
    return batches_of(workspace)


def test_the_journal_holds_runs_with_what_failed(labeler: Labeler, watched: Path) -> None:
    Path("inbox/slides.pdf").write_bytes(b"%PDF-1.4\n...")
    labeler("watch", "--once")
    [run] = [event for event in journal_of(watched) if event["event"] == "run"]
    assert run["papers"] == 0
    assert run["faults"][0][0] == 3


def test_as_json(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    [record] = json.loads(labeler("watch", "--once", "--json").out)["watches"]
    assert (record["name"], record["papers"], record["model"]) == ("morning", 1, "arxiv@1")
    assert len(record["done"]) == 3


def test_a_mailbox_needs_a_password_and_stops_no_other(
    labeler: Labeler, watched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LABELER_IMAP_PASSWORD", raising=False)
    watch_with(watched, SETTINGS.replace('"inbox/"', '"imaps://me@mail.example.org/INBOX", "inbox/"'))
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    outcome = labeler("watch", "--once")
    assert outcome.code == 3
    assert "put it into LABELER_IMAP_PASSWORD" in outcome.err
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]


def test_a_feed_has_the_latest_papers_also_of_days_before(
    labeler: Labeler, watched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch_with(watched, '[[watch]]\nname = "morning"\ninputs = ["inbox/"]\noutputs = ["feed.atom", "news.rss"]\n')
    for number in range(5):
        monkeypatch.setattr(flow, "today", lambda number=number: f"2026-11-0{number + 1}")
        arrive(watched, f"{number}.jsonl", [f"Robots of day {number}", f"Language of day {number}"])
        assert labeler("watch", "--once").code == 0
        for output in ("feed.atom", "news.rss"):
            found = re.findall(r"(?:Robots|Language) of day \d(?=</title>)", Path(output).read_text())
            days = [int(title[-1]) for title in found]
            assert days == sorted((*range(number + 1), *range(number + 1)), reverse=True)


def test_a_feed_does_not_grow_for_ever(labeler: Labeler, watched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_outputs, "FEED_PAPERS", 3)
    watch_with(watched, '[[watch]]\nname = "morning"\ninputs = ["inbox/"]\noutputs = ["feed.atom"]\n')
    for number in range(4):
        arrive(watched, f"{number}.jsonl", [f"Robots of day {number}", f"Language of day {number}"])
        labeler("watch", "--once")
    assert Path("feed.atom").read_text().count("<entry>") == 4  # whole batches: the last two


def test_what_was_published_is_in_the_history_of_the_workspace(labeler: Labeler, watched: Path) -> None:
    digest = arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    [run] = (json.loads(line) for line in Path(".labeler/history.jsonl").read_text().splitlines())
    assert (run["inputs"], run["model"], run["papers"]) == (["inbox/"], "arxiv@1", 1)
    assert labeler("label", digest, "--new", "--to", "jsonl").out == ""


def test_papers_that_somebody_removed_are_told_once_and_stop_nothing(labeler: Labeler, watched: Path) -> None:
    Path("digest.md").mkdir()
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    shutil.rmtree(".labeler/watch/morning/batches")
    outcome = labeler("watch", "--once")
    assert outcome.code == 3
    assert "are gone from" in outcome.err
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]
    Path("digest.md").rmdir()
    assert labeler("watch", "--once").err.strip() == "morning: nothing new"
    arrive(watched, "two.jsonl", ["Models of language"])
    assert labeler("watch", "--once").code == 0
    assert titles_in(Path("latest.jsonl")) == ["Models of language"]


def test_what_was_published_before_is_not_mailed(labeler: Labeler, watched: Path) -> None:
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    labeler("watch", "--once")
    watch_with(watched, SETTINGS + "mail = true\n")
    assert labeler("watch", "--once").code == 0  # though there are no settings of mail


def test_what_was_refused_is_read_in_another_format(labeler: Labeler, watched: Path) -> None:
    Path("inbox/list.txt").write_text("Robots that grasp\n\nModels of language\n", encoding="utf-8")
    watch_with(watched, SETTINGS + 'format = "ris"\n')
    assert labeler("watch", "--once").code == 3
    assert labeler("watch", "--once").code == 0
    watch_with(watched, SETTINGS + 'format = "titles"\n')
    assert "2 new papers" in labeler("watch", "--once").err


def test_a_fault_of_a_reader_stops_no_other_file(
    labeler: Labeler, watched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labeler.digests.readers import bibtex

    def broken(_: object) -> None:
        raise ZeroDivisionError("of a reader")

    monkeypatch.setattr(bibtex, "records", broken)
    Path("inbox/a.bib").write_text("@article{a, title={Robots}, abstract={We do.}}\n", encoding="utf-8")
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    outcome = labeler("watch", "--once")
    assert outcome.code == 1
    assert "a.bib: a fault of labeler itself (ZeroDivisionError: of a reader)" in outcome.err
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]
    assert labeler("watch", "--once").code == 0


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "readme.txt"])
def test_what_lies_beside_digests_is_none(labeler: Labeler, watched: Path, name: str) -> None:
    Path("inbox", name).write_text(
        "# About\n\nThis folder holds digests of papers, one for each day.\n", encoding="utf-8"
    )
    outcome = labeler("watch", "--once")
    assert (outcome.code, outcome.err.strip()) == (0, "morning: nothing new")
