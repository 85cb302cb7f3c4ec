"""A real IMAP server on loopback (Dovecot), and one that says what a test wants it to say."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socket import socket

USER, PASSWORD = "ada@example.org", "for-a-test"
DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{folder}/mail
{users}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
"""


class Dovecot:
    """A server, as of version 2.3, whose mail belongs to nobody (https://doc.dovecot.org/2.3/)."""

    def __init__(self, certificate: tuple[Path, Path]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self._folder.chmod(0o755)  # which the processes of the server go through as other users
        for name in ("run", "mail"):
            (self._folder / name).mkdir()
        me = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        users = "" if os.getuid() == 0 else f"default_internal_user = {me.pw_name}\ndefault_login_user = {me.pw_name}"
        if os.getuid() == 0:
            shutil.chown(self._folder / "mail", me.pw_uid, me.pw_gid)
        self.plain, self.secure = _free_port(), _free_port()
        config = self._folder / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                folder=self._folder, certificate=certificate[0], key=certificate[1], users=users, plain=self.plain,
                secure=self.secure, password=PASSWORD, uid=me.pw_uid, gid=me.pw_gid,
            ),
            encoding="utf-8",
        )  # fmt: skip
        self._process = subprocess.Popen([DOVECOT, "-F", "-c", config])
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError, imaplib.IMAP4.error):
                self.client().logout()
                return
            time.sleep(0.05)
        log = self._folder / "log"
        said = log.read_text() if log.exists() else "it said nothing"
        self.stop()
        raise AssertionError(f"Dovecot did not start: {said}")

    def client(self) -> imaplib.IMAP4:
        """A client that has logged in, as the mail program of a person."""
        client = imaplib.IMAP4("127.0.0.1", self.plain, timeout=30)
        client.login(USER, PASSWORD)
        return client

    def deliver(self, message: bytes, mailbox: str = "INBOX") -> None:
        """Put a message into a mailbox."""
        client = self.client()
        client.append(mailbox, "", imaplib.Time2Internaldate(time.time()), message)
        client.logout()

    def empty(self) -> None:
        """Remove all messages, and all mailboxes but the first."""
        client = self.client()
        for line in client.list()[1]:
            assert isinstance(line, bytes)
            name = line.rpartition(b' "." ')[2].decode()  # in quotes where it needs them
            if name != "INBOX":
                client.delete(name)
        client.select("INBOX")
        client.store("1:*", "+FLAGS", "\\Deleted") if client.search(None, "ALL")[1] != [b""] else None
        client.expunge()
        client.logout()

    def stop(self) -> None:
        """End the server, and remove what it kept."""
        self._process.terminate()
        self._process.wait(timeout=30)
        shutil.rmtree(self._folder, ignore_errors=True)


class ScriptedServer:
    """Answers each command by what ``answer(command)`` gives, without its tag; None cuts the connection."""

    def __init__(self, answer: Callable[[str], str | None]) -> None:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"* OK ready\r\n")
                with suppress(OSError):
                    self._answer_all()

            def _answer_all(self) -> None:
                for line in self.rfile:
                    tag, _, command = line.decode().strip().partition(" ")
                    said = "* CAPABILITY IMAP4rev1\r\nOK done" if command == "CAPABILITY" else answer(command)
                    if said is None:
                        return
                    *before, last = said.split("\r\n")
                    self.wfile.write("".join(f"{part}\r\n" for part in (*before, f"{tag} {last}")).encode())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()


def _free_port() -> int:
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
