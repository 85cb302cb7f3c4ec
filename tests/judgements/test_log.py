from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler import appending
from labeler.errors import InputError
from labeler.files import json_line
from labeler.judgements import Judgement, JudgementLog, additions, labels_of
from tests.judgements.factories import judgement, scheme
from tests.paths import ROOT, SAMPLES

BATCH = 250
START = """
import sys, time
from pathlib import Path
from labeler.judgements import JudgementLog
from tests.judgements.factories import judgement
from tests.judgements.test_log import batch
log = JudgementLog(Path(sys.argv[1]))
"""
APPEND = "for number in range(1000): log.update(lambda known: batch(number)); print(number, flush=True)"
COUNT = """
for _ in range(30):
    log.update(lambda known: [judgement("llm", number=len(known), annotator=sys.argv[2])])
"""
HOLD = "log.update(lambda known: [print('locked', flush=True), time.sleep(600)])"


def batch(number: int) -> list[Judgement]:
    """Many judgements of some kilobytes each."""
    return [judgement("llm", number=number * BATCH + n, comment="ü" * 2000) for n in range(BATCH)]


def process(path: Path, code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", START + code, str(path), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def read_line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


def kill(running: subprocess.Popen[str]) -> str:
    running.kill()
    return running.communicate()[0]


def append(path: Path, *judgements: Judgement) -> list[str]:
    return JudgementLog(path).update(lambda _: judgements)[1]


def lines(*judgements: Judgement) -> bytes:
    return "".join(json_line(item.to_dict()) + "\n" for item in judgements).encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "annotations" / "judgements.jsonl"


def test_a_log_that_is_not_there_is_empty_and_reading_makes_no_file(path: Path) -> None:
    assert JudgementLog(path).read().judgements == []
    assert not path.exists()


def test_what_was_appended_reads_back_and_is_never_rewritten(path: Path) -> None:
    one, two = judgement("llm", number=1, comment="naïve — 日本語"), judgement("vision", number=2)
    append(path, one)
    before = path.read_bytes()
    assert append(path, two) == []
    assert path.read_bytes() == before + lines(two)
    assert JudgementLog(path).read().judgements == [one, two]


def test_the_plan_sees_what_is_in_the_log_and_an_empty_plan_writes_nothing(path: Path) -> None:
    append(path, judgement("llm"))
    before = path.read_bytes()
    seen: list[Judgement] = []

    def nothing(known: Sequence[Judgement]) -> list[Judgement]:
        seen.extend(known)
        return []

    assert JudgementLog(path).update(nothing) == ([], [])
    assert (seen, path.read_bytes()) == ([judgement("llm")], before)


def test_a_plan_that_fails_writes_nothing_and_releases_the_lock(path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        JudgementLog(path).update(lambda _: [judgement("llm")] * (1 // 0))
    append(path, judgement("vision"))
    assert len(JudgementLog(path).read().judgements) == 1


@pytest.mark.slow
@pytest.mark.parametrize("batches", [0, 1, 2, 4])
def test_kill_9_while_it_appends_loses_nothing_that_was_done_and_the_rest_can_be_done_again(
    path: Path, batches: int
) -> None:
    running = process(path, APPEND)
    done = [read_line(running) for _ in range(batches)]
    while not path.exists() or path.stat().st_size <= batches * BATCH * 2000:
        assert running.poll() is None
    done += kill(running).split()
    reading = JudgementLog(path).read()
    assert reading.faults == []
    kept = {item.id for item in reading.judgements}
    assert {item.id for number in done for item in batch(int(number))} <= kept
    wanted = [item for number in range(len(done) + 2) for item in batch(number)]
    JudgementLog(path).update(lambda known: additions(known, wanted))
    after = JudgementLog(path).read()
    assert (after.judgements, after.faults) == (wanted, [])


@pytest.mark.parametrize(
    "tail", [b'{"id": "x', b"{", '{"id": "x", "comment": "ü'.encode()[:-1], b"<<<<<<< HEAD", b"\xff\x00", b"12"]
)
def test_a_torn_last_line_is_moved_beside_the_log_and_reported(path: Path, tail: bytes) -> None:
    append(path, judgement("llm"))
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    assert JudgementLog(path).read().judgements == [judgement("llm")]
    (message,) = append(path, judgement("vision", number=2))
    assert "line 2 was cut short" in message
    assert f"{len(tail)} bytes are now in judgements.torn" in message
    assert path.read_bytes() == whole + lines(judgement("vision", number=2))
    assert path.with_suffix(".torn").read_bytes() == tail + b"\n"
    assert append(path) == []


def test_torn_lines_of_two_accidents_are_both_kept(path: Path) -> None:
    for tail in (b'{"first', b'{"second'):
        append(path)
        path.write_bytes(path.read_bytes() + tail)
    append(path)
    assert path.with_suffix(".torn").read_bytes() == b'{"first\n{"second\n'


def test_a_whole_last_line_without_its_newline_is_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(lines(judgement("llm"))[:-1])
    assert append(path, judgement("vision", number=2)) == []
    assert path.read_bytes() == lines(judgement("llm"), judgement("vision", number=2))
    assert not path.with_suffix(".torn").exists()


@pytest.mark.slow
def test_two_processes_that_write_at_once_lose_nothing_and_see_each_other(path: Path) -> None:
    both = [process(path, COUNT, who) for who in ("ada", "bo")]
    assert [running.wait() for running in both] == [0, 0]
    reading = JudgementLog(path).read()
    assert reading.faults == []
    assert [item.source["annotation"] for item in reading.judgements] == list(range(60))
    assert {item.annotator for item in reading.judgements} == {"ada", "bo"}


def test_a_lock_is_waited_for_then_reported_and_released_with_its_owner(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = process(path, HOLD)
    assert read_line(owner) == "locked"
    with monkeypatch.context() as patch:
        patch.setattr(appending, "LOCK_TIMEOUT", 0.05)
        with pytest.raises(InputError, match="another program is writing"):
            append(path, judgement("llm"))
    kill(owner)
    append(path, judgement("llm"))
    assert JudgementLog(path).read().judgements == [judgement("llm")]


@pytest.mark.slow
def test_a_disk_that_is_full_is_reported_and_the_log_stays_readable(path: Path) -> None:
    append(path, judgement("llm"))
    code = """
import resource
from labeler import appending
from labeler.errors import InputError
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    log.update(lambda known: batch(1))
except InputError as error:
    print(error)
"""
    running = process(path, code)
    output = running.communicate()[0]
    assert (running.returncode, "cannot write" in output) == (0, True)
    assert JudgementLog(path).read().judgements[0] == judgement("llm")
    JudgementLog(path).update(lambda known: additions(known, batch(1)))
    assert JudgementLog(path).read().judgements == [judgement("llm"), *batch(1)]


@pytest.mark.parametrize(
    "line",
    [
        b"<<<<<<< HEAD",
        b"=======",
        b">>>>>>> branch",
        b"null",
        b"3",
        b"[]",
        b'"x"',
        b"{}",
        b"\xff\xfe\x00",
        b'{"id": 1, "paper": "x", "annotator": "y", "at": "z", "yes": 5}',
        b'{"id": 1, "paper": "x", "annotator": "y", "at": "z", "source": "w"}',
        b"[" * 100_000,
    ],
)
def test_a_line_that_cannot_be_read_is_skipped_reported_and_kept(path: Path, line: bytes) -> None:
    path.parent.mkdir()
    one, two = judgement("llm", number=1), judgement("vision", number=2)
    path.write_bytes(lines(one) + line + b"\n" + lines(two))
    reading = JudgementLog(path).read()
    assert reading.judgements == [one, two]
    (fault,) = reading.faults
    assert fault.startswith("judgements.jsonl, line 2: ")
    assert append(path, judgement("speech", number=3)) == [fault]
    assert line in path.read_bytes()


@pytest.mark.parametrize("ending", [b"\r\n", b"\n\n", b"\n \n"])
def test_line_endings_and_blank_lines_do_not_matter(path: Path, ending: bytes) -> None:
    path.parent.mkdir()
    judgements = [judgement("llm", number=1), judgement("vision", number=2)]
    path.write_bytes(lines(*judgements).replace(b"\n", ending))
    assert (JudgementLog(path).read().judgements, JudgementLog(path).read().faults) == (judgements, [])


def test_a_byte_order_mark_costs_no_judgement(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xef\xbb\xbf" + lines(judgement("llm")))
    assert JudgementLog(path).read().judgements == [judgement("llm")]


def test_a_folder_of_the_name_of_the_log_is_reported(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(InputError, match="cannot read"):
        JudgementLog(path).read()
    with pytest.raises(InputError, match="cannot write"):
        append(path, judgement("llm"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "llm", "llm vision"]), st.sampled_from(["ada", "bo"]), st.integers(1, 3)),
        min_size=1,
        max_size=6,
    ),
    st.data(),
)
def test_repeated_lines_and_their_order_do_not_matter(entries: list[tuple[str, str, int]], data: st.DataObject) -> None:
    judgements = [
        judgement(yes, number=n % 3, annotator=who, at=f"2026-03-0{day}") for n, (yes, who, day) in enumerate(entries)
    ]
    judgements = additions([], judgements)
    shuffled = data.draw(st.permutations(judgements + data.draw(st.lists(st.sampled_from(judgements), max_size=4))))
    with TemporaryDirectory() as folder:
        file = Path(folder, "judgements.jsonl")
        file.write_bytes(lines(*shuffled))
        read = JudgementLog(file).read()
    assert read.faults == []
    assert {item.id for item in read.judgements} == {item.id for item in judgements}
    assert len(read.judgements) == len({item.id for item in judgements})
    assert labels_of(read.judgements, scheme()) == labels_of(judgements, scheme())


@settings(max_examples=80, deadline=None)
@given(st.lists(st.binary(max_size=30) | st.sampled_from([b"{}", b"null", b'{"id": []}', b"\n"]), max_size=6))
def test_any_bytes_can_be_read_and_written_after(pieces: list[bytes]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "judgements.jsonl")
        file.write_bytes(b"\n".join(pieces))
        append(file, judgement("llm"))
        assert JudgementLog(file).read().judgements == [judgement("llm")]
        assert json.loads(file.read_bytes().splitlines()[-1])["yes"] == ["llm"]


def git(folder: Path, *arguments: str) -> None:
    settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True, env=environment)


def test_judgements_of_two_branches_are_all_there_after_a_merge(workspace: Path) -> None:
    path = workspace / "annotations" / "judgements.jsonl"
    base, here, there = (judgement(yes, number=n) for n, yes in enumerate(("llm", "vision", "speech")))
    append(path, base)
    git(workspace, "init", "-q", "-b", "main")
    for branch, item in (("other", there), ("main", here)):
        git(workspace, "checkout", "-q", "-B", branch)
        if branch == "other":
            git(workspace, "add", "-A")
            git(workspace, "commit", "-q", "-m", "start")
            git(workspace, "branch", "-f", "base")
        else:
            git(workspace, "reset", "-q", "--hard", "base")
        append(path, item)
        git(workspace, "commit", "-q", "-am", branch)
    git(workspace, "merge", "-q", "-m", "both", "other")
    reading = JudgementLog(path).read()
    assert {item.id for item in reading.judgements} == {base.id, here.id, there.id}
    assert reading.faults == []


def test_a_log_that_finds_no_room_stays_as_it_was(workspace: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = [sys.executable, "-m", "labeler", "import", str(SAMPLES / "export.json")]
    done = subprocess.run(command, cwd=workspace, preexec_fn=little_room, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "make room, then try again" in done.stderr
    assert (workspace / "annotations/judgements.jsonl").stat().st_size == 0


def test_an_incomplete_last_line_is_told_apart_from_faults(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"id": 1}\n{"id": "x", "pap')
    reading = JudgementLog(path).read()
    assert len(reading.faults) == 1
    assert reading.incomplete == "log.jsonl, line 2: cut short; skipped"


def test_what_json_does_not_have_is_never_written(tmp_path: Path) -> None:
    log = JudgementLog(tmp_path / "log.jsonl")
    log.update(lambda _: [judgement("llm", lead_time=float("nan"), asked={"rank": float("inf")})])
    line = log.path.read_text(encoding="utf-8")
    assert json.loads(line, parse_constant=pytest.fail)["asked"] == {"rank": None}
