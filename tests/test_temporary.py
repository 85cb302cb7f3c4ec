"""Temporary files and folders: what killed processes left goes, what living ones use and what is not ours stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from labeler.files import atomic_write, write_bytes
from labeler.storage import write_file
from labeler.temporary import new_folder, sweep_files, temporary_folder

_KINDS = {
    "file": "from labeler.files import atomic_write\nwith atomic_write(folder / 'a.csv') as out:",
    "part": "from labeler.storage import write_file\nwith write_file(str(folder / 'a.csv')) as out:",
    "model": "from labeler.temporary import new_folder\n"
    "with new_folder(folder, ['weights']) as new:\n    (new / 'weights').touch()",
    "scratch": "from labeler.temporary import temporary_folder\nwith temporary_folder(folder) as new:",
}
_PROGRAM = """
import os, signal, sys
from pathlib import Path
folder = Path(sys.argv[1])
{kind}
    print("ready", flush=True)
    input()
"""


def write_again(kind: str, folder: Path) -> None:
    """Write in the same place as the program of a kind does."""
    if kind == "model":
        with new_folder(folder, ["weights"]):
            pass
    elif kind == "scratch":
        with temporary_folder(folder):
            pass
    else:
        write_bytes(folder / "other.csv", b"")
        (folder / "other.csv").unlink()


@pytest.mark.parametrize("kind", _KINDS)
def test_what_a_killed_process_left_is_swept_and_what_a_living_one_uses_stays(kind: str, tmp_path: Path) -> None:
    program = [sys.executable, "-c", _PROGRAM.format(kind=_KINDS[kind]), str(tmp_path)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        used = list(tmp_path.iterdir())
        assert len(used) == 1
        write_again(kind, tmp_path)
        assert list(tmp_path.iterdir()) == used
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == used
    write_again(kind, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_files_and_folders_of_others_stay(tmp_path: Path) -> None:
    for name in (
        ".film.mp4.part",
        ".notes.abcdefgh.part",
        ".a.labeler-x.part",
        ".part",
        ".new-abcdefg",
        "labeler-demo",
    ):
        (tmp_path / name).touch()
    for name in (".new-abcdefgh", ".new-12345678", "labeler-abcdefgh"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "letter.txt").touch()
    (tmp_path / ".b.labeler-abcdefgh.part").symlink_to(tmp_path / ".part")
    before = sorted(tmp_path.rglob("*"))
    for kind in _KINDS:
        write_again(kind, tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_what_earlier_versions_left_of_a_file_goes_when_that_file_is_written(tmp_path: Path) -> None:
    left = [tmp_path / ".a.csv.abc_efg8.part", tmp_path / f".a.csv.{'0f' * 16}.part"]
    for path in left:
        path.touch()
    sweep_files(tmp_path)
    assert all(path.exists() for path in left)
    write_bytes(tmp_path / "a.csv", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_long_names_leave_room_for_what_is_put_before_and_after(tmp_path: Path) -> None:
    for name in ("a" * 250, "ä" * 120):
        write_bytes(tmp_path / name, b"x")
        assert (tmp_path / name).read_bytes() == b"x"


def test_writers_beside_each_other_take_nothing_from_each_other(tmp_path: Path) -> None:
    def write(number: int) -> None:
        for turn in range(100):
            with atomic_write(tmp_path / f"{number}.txt") as out:
                out.write(str(turn).encode())
            with write_file(str(tmp_path / f"{number}.part")) as out:
                out.write(str(turn).encode())
            with temporary_folder(tmp_path) as folder:
                (folder / "x").touch()

    failed: list[BaseException] = []
    before = threading.excepthook
    threading.excepthook = lambda found: failed.append(found.exc_value or found.exc_type())
    try:
        threads = [threading.Thread(target=write, args=[number]) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        threading.excepthook = before
    assert not failed
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{number}.{suffix}" for number in range(4) for suffix in ("txt", "part")
    )
    assert {path.read_text() for path in tmp_path.iterdir()} == {"99"}


_SHARING = """
import os, sys
from pathlib import Path
import numpy as np
from joblib import delayed
from labeler import processes
processes._SHARED_MEMORY = Path(sys.argv[1])
def work(array):
    print(os.getpid(), flush=True)
    import time
    time.sleep(60)
with processes.worker_processes(2, "") as parallel:
    parallel(delayed(work)(np.zeros(1 << 20)) for _ in range(2))
"""


@pytest.mark.slow
def test_arrays_that_killed_processes_shared_are_swept(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(_SHARING)
    shared = tmp_path / "shared"
    shared.mkdir()
    with subprocess.Popen(
        [sys.executable, program, shared], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGKILL)
    assert list(shared.rglob("*.pkl"))
    with temporary_folder(shared):
        pass
    assert list(shared.iterdir()) == []
