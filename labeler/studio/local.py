"""A Label Studio server for one workspace: installed in an environment of its own, on loopback, with its own data."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError

from labeler.errors import InputError, ServerError
from labeler.files import spoken, write_text

REQUIREMENT = "label-studio>=1.23,<2"
_EMAIL = "labeler@localhost.localdomain"
_PORTS = range(8080, 8180)
_PATIENCE = 180  # seconds for the first start, in which the server makes its database
_FAREWELL = 20  # seconds for it to end by itself


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where the server answers and how to get in."""

    url: str
    email: str
    password: str
    token: str


class LocalStudio:
    """The server whose data, credentials and program lie in ``folder``."""

    def __init__(self, folder: Path, program: str = "") -> None:
        self.folder = folder
        self.program = Path(program).expanduser() if program else folder / "env" / "bin" / "label-studio"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.folder / "log"

    @property
    def login(self) -> Path:
        """The file with the e-mail address and the password for the browser."""
        return self.folder / "login.txt"

    def credentials(self) -> Credentials | None:
        """How to get in, None before the first start."""
        try:
            return Credentials(**json.loads((self.folder / "credentials.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def pid(self) -> int | None:
        """The server's process, None when it is not running."""
        try:
            pid = int((self.folder / "pid").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return pid if str(self.folder / "data") in _command_of(pid) else None

    def answers(self) -> bool:
        """Whether this very server is up: another one at its address does not know its token."""
        known = self.credentials()
        return known is not None and _asked(known) == 200

    def start(self, say: Callable[[str], None]) -> tuple[Credentials, bool]:
        """Install the server if need be, start it, and wait until it answers; whether it had to be started.

        Raises:
            ServerError: it cannot be installed, or does not come up.
            InputError: the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
        except OSError as error:
            raise InputError(f"cannot write {self.folder}: {spoken(error)}", "check its permissions") from error
        known = self.credentials()
        if known is not None and self.pid() and self.answers():
            return known, False
        self.stop()
        self._install(say)
        while True:
            known = self._with_free_port(known)
            say(f"Starting Label Studio at {known.url} (the first time takes half a minute) …")
            if self._run(known):
                return known, True
            say("Another program has taken that address meanwhile; trying the next one.")

    def _run(self, known: Credentials) -> bool:
        """Start the program and wait until it answers; False where another one answers in its place.

        Label Studio goes to the next port without a word when its own is taken.
        """
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [
                    self.program, "start", "--no-browser", "--data-dir", self.folder / "data",
                    "--internal-host", "127.0.0.1", "--port", known.url.rpartition(":")[2],
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment(known), cwd=self.folder,
                start_new_session=True,
            )  # fmt: skip
        write_text(self.folder / "pid", f"{process.pid}\n")
        return self._wait(process, known)

    def stop(self) -> bool:
        """End the server; whether there was one."""
        pid = self.pid()
        if pid is None:
            return False
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            end = time.monotonic() + _FAREWELL
            while self.pid() and time.monotonic() < end:
                with suppress(ChildProcessError, OSError):
                    os.waitpid(pid, os.WNOHANG)
                time.sleep(0.1)
        (self.folder / "pid").unlink(missing_ok=True)
        return True

    def _install(self, say: Callable[[str], None]) -> None:
        if self.program.exists():
            return
        own = self.folder / "env"
        if self.program.parent.parent != own:
            raise ServerError(f"there is no program {self.program}", "mend [studio] program in the settings")
        say(f"Installing Label Studio in {own} (once; about a gigabyte, a few minutes) …")
        steps: list[list[str | Path]] = [
            [sys.executable, "-m", "venv", own],
            [own / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT],
        ]
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, check=False)
            if done.returncode:
                last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
                raise ServerError(f"Label Studio cannot be installed: {last[0]}", "is there a network? Try it again")

    def _with_free_port(self, known: Credentials | None) -> Credentials:
        """The credentials, made at the first start; the same port again where it is free."""
        port = int(known.url.rpartition(":")[2]) if known else _PORTS[0]
        if not _free(port):
            port = next((other for other in _PORTS if _free(other)), 0)
            if not port:
                raise ServerError(f"no port from {_PORTS[0]} to {_PORTS[-1]} is free", "stop another server")
        made = Credentials(
            f"http://127.0.0.1:{port}",
            known.email if known else _EMAIL,
            known.password if known else secrets.token_urlsafe(12),
            known.token if known else secrets.token_hex(20),
        )
        if made != known:
            _write_private(self.folder / "credentials.json", json.dumps(asdict(made)) + "\n")
            _write_private(self.login, f"e-mail: {made.email}\npassword: {made.password}\n")
        return made

    def _environment(self, known: Credentials) -> dict[str, str]:
        """The server asks nothing outside, tells nobody anything, and may call our backend on loopback."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("LABEL_STUDIO_")}
        return inherited | {
            "HOME": str(self.folder),
            "LABEL_STUDIO_USERNAME": known.email,
            "LABEL_STUDIO_PASSWORD": known.password,
            "LABEL_STUDIO_USER_TOKEN": known.token,
            "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
            "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
            "COLLECT_ANALYTICS": "false",
            "SENTRY_DSN": "",
            "FRONTEND_SENTRY_DSN": "",
            "LATEST_VERSION_CHECK": "false",
            "ML_BLOCK_LOCAL_IP": "false",  # it listens on loopback only, and so does `labeler serve`
            "SSRF_PROTECTION_ENABLED": "false",
            "LOG_LEVEL": "WARNING",
        }

    def _wait(self, process: subprocess.Popen[bytes], known: Credentials) -> bool:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if process.poll() is not None:
                break
            match _asked(known):
                case 200:
                    return True
                case 401 | 403 | 404:
                    self.stop()
                    return False
            time.sleep(0.3)
        self.stop()
        last = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise ServerError(f"Label Studio did not start: {last[0][:300]}", f"{self.log} has more")


def _asked(known: Credentials) -> int | None:
    """The status with which the server at an address answers to a token; None when nothing answers."""
    request = urllib.request.Request(  # noqa: S310  (http, on loopback)
        f"{known.url}/api/current-user/whoami", headers={"Authorization": f"Token {known.token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (OSError, HTTPException):
        return None


def _command_of(pid: int) -> str:
    """The command line of a process; empty when there is none."""
    if Path("/proc/self/cmdline").exists():  # a small Linux has no ps
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _write_private(path: Path, text: str) -> None:
    """Write a file that nobody else may read, not even for a moment."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    write_text(path, text)
