"""Worker processes: one error where one of them is ended, and nothing on standard error from joblib's own process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from joblib import delayed

from labeler.errors import ServerError
from labeler.processes import worker_processes

PROGRAM = """
import os
import signal
from joblib import Parallel, delayed
from joblib.externals.loky.backend import resource_tracker
from labeler.processes import worker_processes
if {ours}:
    with worker_processes(2, "") as parallel:
        print(parallel(delayed(abs)(number) for number in (-1, 2, -3)))
else:
    print(Parallel(2)(delayed(abs)(number) for number in (-1, 2, -3)))
print(os.environ.get("PYTHONWARNINGS"))
resource_tracker.register("/nowhere/left by a killed process", "folder")
"""


@pytest.mark.slow
@pytest.mark.parametrize("before", [None, "error:of a test"])
@pytest.mark.parametrize("ours", [True, False], ids=["ours", "plain joblib"])
def test_what_a_killed_process_leaves_is_removed_without_a_word(before: str | None, ours: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    if before:
        environment["PYTHONWARNINGS"] = before
    done = subprocess.run(  # it ends with the last process that can write to standard error
        [sys.executable, "-c", PROGRAM.format(ours=ours)], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.splitlines() == ["[1, 2, 3]", str(before)]
    assert ("resource_tracker" in done.stderr) is not ours, done.stderr
    if ours:
        assert done.stderr == ""


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_order_and_errors_as_they_are(count: int) -> None:
    with worker_processes(count, "") as parallel:
        assert parallel(delayed(abs)(number) for number in range(-5, 0)) == [5, 4, 3, 2, 1]
    with pytest.raises(ZeroDivisionError), worker_processes(count, "") as parallel:
        parallel(delayed(divmod)(1, number) for number in (1, 0))


def test_a_process_that_is_ended_is_told_in_one_sentence() -> None:
    with pytest.raises(ServerError) as caught, worker_processes(2, "run it again") as parallel:
        parallel(delayed(os._exit)(1) for _ in range(2))
    assert str(caught.value) == "a process was ended from outside (is there too little memory?); run it again"


_LONG_WORK = """
import sys
from pathlib import Path
from joblib import delayed
from labeler.processes import worker_processes
def work():
    import time
    print("begun", flush=True)
    time.sleep(20)
    print("done", flush=True)
with worker_processes(2, "") as parallel:
    parallel(delayed(work)() for _ in range(2))
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_soon_after_the_process_that_started_them(number: int, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(_LONG_WORK)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(number)
        assert b"done" not in process.stdout.read()  # which ends with the last process that can write there
    assert process.returncode
