"""A Label Studio server for one workspace: installed in an environment of its own, on loopback, with its own data."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, astuple, dataclass, replace
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

from labeler.errors import InputError, ServerError
from labeler.files import os_message, try_lock, write_text
from labeler.json_parsing import parse_json
from labeler.studio.at_work import AtWork, reason_in
from labeler.studio.database import FILE_NAME, put_aside_if_unfinished
from labeler.studio.install import install

_EMAIL = "labeler@localhost.localdomain"
_PORTS = range(8080, 8180)
_PATIENCE = 180  # seconds without any sign of work
_LOCK_TIMEOUT = 900  # seconds; another labeler may be installing the server
_STOP_TIMEOUT = 20  # seconds for it to end by itself
_TRIES = 5  # addresses
_REFUSALS = (401, 403, 404)  # what another server answers to our token, or ours to one that was changed


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where the server answers and how to get in."""

    url: str
    email: str
    password: str
    token: str


class LocalStudio:
    """A Label Studio server of this machine for one workspace: it is installed, started and stopped here.

    ``folder`` holds its data and credentials, and its program, too, unless ``program`` names an installed one.
    """

    def __init__(self, folder: Path, program: str = "") -> None:
        self.folder = folder
        self.program = Path(program).expanduser() if program else folder / "env" / "bin" / "label-studio"

    @property
    def log(self) -> Path:
        """The file with the server's output."""
        return self.folder / "log"

    @property
    def login(self) -> Path:
        """The file with the e-mail address and the password for the browser."""
        return self.folder / "login.txt"

    @property
    def kept(self) -> Path:
        """The file with all credentials."""
        return self.folder / "credentials.json"

    def credentials(self) -> Credentials | None:
        """The address, the user, the password and the token; None before the first start."""
        try:
            known = Credentials(**parse_json(self.kept.read_bytes()))
            return known if all(isinstance(text, str) for text in astuple(known)) else None
        except (OSError, ValueError, TypeError):
            return None

    def pid(self) -> int | None:
        """The number of the server's process; None when it is not running."""
        try:
            pid = int((self.folder / "pid").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return pid if _is_in(pid, self.folder) else None

    def answers(self) -> bool:
        """Whether this server answers at its address; another one there does not accept its token."""
        known = self.credentials()
        return known is not None and _status(known) == 200

    def start(self, say: Callable[[str], None]) -> tuple[Credentials, bool]:
        """Install the server if need be, start it, and wait until it answers.

        It returns the credentials, and whether the server had to be started. A database that an earlier first start
        left unfinished is put aside.

        Raises:
            ServerError: it cannot be installed, or does not come up.
            InputError: the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
        except OSError as error:
            raise InputError(f"cannot write {self.folder}: {os_message(error)}", "check its permissions") from error
        with self._lock(say):
            known = self.credentials()
            if known is not None and (pid := self.pid()) and (joined := self._join(known, pid, say)):
                return joined, False
            self._install(say)
            for _ in range(_TRIES):
                known = self._with_free_port(known)
                if put_aside_if_unfinished(self.folder / "data"):
                    say("The first start of Label Studio did not finish; it begins again with a new database.")
                say(f"Starting Label Studio at {known.url} (the first time takes half a minute) …")
                if (running := self._run(known, say)) is not None:
                    return running, True
                say("Another program has taken that address meanwhile; trying the next one.")
        raise ServerError(
            f"Label Studio at {known.url} accepts neither the key nor the password in {self.folder}"
            if known
            else "Label Studio did not start",
            f"were they changed there? Put the new password into {self.kept}",
        )

    @contextmanager
    def _lock(self, say: Callable[[str], None]) -> Iterator[None]:
        """One process at a time starts or stops the server; another one waits until it has."""
        end, announced = time.monotonic() + _LOCK_TIMEOUT, False
        with (self.folder / "lock").open("a+b") as stream:
            while not try_lock(stream):
                if time.monotonic() > end:
                    raise ServerError(f"another labeler is at work in {self.folder}", "wait until it has ended")
                if not announced:
                    say("Another labeler is starting or stopping this server; waiting for it …")
                announced = True
                time.sleep(0.3)
            yield

    def _join(self, known: Credentials, pid: int, say: Callable[[str], None]) -> Credentials | None:
        """The credentials of the server that runs already, None where it ends meanwhile.

        It may be busy; its token may have been changed.
        """
        announced = False
        for _ in self._at_work(pid).looks(_PATIENCE, say, "waiting for Label Studio"):
            if not self.pid():
                return None
            status = _status(known)
            if status == 200:
                return known
            if status in _REFUSALS:
                renewed = self._with_current_token(known)
                if renewed is not None:
                    return renewed
                break
            if not announced:
                say(f"Label Studio runs (process {pid}), but is busy; waiting for it …")
            announced = True
        raise ServerError(
            f"Label Studio runs (process {pid}), but does not let us in at {known.url}",
            "`labeler studio stop` ends it; then start it again",
        )

    def _with_current_token(self, known: Credentials) -> Credentials | None:
        """The credentials with the token that our user has by now; None where the server has no such user."""
        token = _token_by_password(known)
        if token is None:
            return None
        renewed = replace(known, token=token)
        self._save(renewed)
        return renewed

    def _run(self, known: Credentials, say: Callable[[str], None]) -> Credentials | None:
        """Start the program and wait until it answers; None where another server answers at its address.

        Label Studio takes the next port, and does not fail, when its own is taken.
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
        try:
            return self._wait(process, known, say)
        except BaseException:  # such as an interrupt: nothing goes on alone
            self._end()
            raise

    def _at_work(self, pid: int) -> AtWork:
        return AtWork(pid, (self.log, self.folder / "data" / FILE_NAME))

    def stop(self, say: Callable[[str], None] = lambda _: None) -> bool:
        """End the server, and return whether it was running."""
        if not self.folder.is_dir():
            return False
        with self._lock(say):
            return self._end()

    def _end(self) -> bool:
        pid = self.pid()
        if pid is None:
            return False
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            end = time.monotonic() + _STOP_TIMEOUT
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
        install(own, say)

    def _with_free_port(self, known: Credentials | None) -> Credentials:
        """The credentials, with the same port again where it is free; new ones at the first start."""
        port = int(known.url.rpartition(":")[2]) if known else _PORTS[0]
        if not _free(port):
            port = next((other for other in _PORTS if _free(other)), 0)
            if not port:
                raise ServerError(f"no port from {_PORTS[0]} to {_PORTS[-1]} is free", "stop another server")
        credentials = Credentials(
            f"http://127.0.0.1:{port}",
            known.email if known else _EMAIL,
            known.password if known else secrets.token_urlsafe(12),
            known.token if known else secrets.token_hex(20),
        )
        if credentials != known:
            self._save(credentials)
        return credentials

    def _save(self, known: Credentials) -> None:
        _write_private(self.kept, json.dumps(asdict(known)) + "\n")
        _write_private(self.login, f"e-mail: {known.email}\npassword: {known.password}\n")

    def _environment(self, known: Credentials) -> dict[str, str]:
        """The server's environment: it sends nothing to anyone outside, and may call our ML backend on loopback."""
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

    def _wait(
        self, process: subprocess.Popen[bytes], known: Credentials, say: Callable[[str], None]
    ) -> Credentials | None:
        """Wait as long as the server is at work."""
        for _ in self._at_work(process.pid).looks(_PATIENCE, say, "starting Label Studio"):
            if process.poll() is not None:
                raise ServerError(f"Label Studio did not start: {reason_in(self.log)[:300]}", f"{self.log} has more")
            status = _status(known)
            if status == 200:
                return known
            if status in _REFUSALS:
                renewed = self._with_current_token(known)
                if renewed is None:
                    self._end()
                return renewed
        raise ServerError(
            f"Label Studio did not start: for {_PATIENCE} seconds it did nothing", f"{self.log} has what it said"
        )


def _status(known: Credentials) -> int | None:
    """The HTTP status that the server at the address answers to the token with; None when nothing answers."""
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


def _token_by_password(known: Credentials) -> str | None:
    """The token of our user, requested as a browser would; None where the server refuses e-mail and password."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies := CookieJar()))
    try:
        browser.open(f"{known.url}/user/login/", timeout=10).close()
        form = {"email": known.email, "password": known.password}
        form["csrfmiddlewaretoken"] = next(cookie.value or "" for cookie in cookies if cookie.name == "csrftoken")
        browser.addheaders.append(("Referer", f"{known.url}/user/login/"))
        browser.open(f"{known.url}/user/login/", urlencode(form).encode(), timeout=10).close()
        with browser.open(f"{known.url}/api/current-user/token", timeout=10) as answer:
            return str(parse_json(answer.read())["token"])
    except (OSError, HTTPException, ValueError, LookupError, TypeError, StopIteration):
        return None


def _is_in(pid: int, folder: Path) -> bool:
    """Whether a process is our server: its working folder is the server's, which may have been moved meanwhile."""
    if Path("/proc/self/cwd").exists():  # a small Linux has no ps
        with suppress(OSError):
            program = Path(f"/proc/{pid}/cmdline").read_bytes()
            return b"label-studio" in program and Path(f"/proc/{pid}/cwd").samefile(folder)
        return False
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return str(folder / "data") in subprocess.run(command, capture_output=True, text=True, check=False).stdout


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
