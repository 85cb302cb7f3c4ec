"""Sending by SMTP (RFC 5321): one connection for many messages, made again where it is cut."""

from __future__ import annotations

import os
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from typing import Self

from labeler.errors import ServerError, UsageError
from labeler.files import os_message
from labeler.mail.message import message_bytes
from labeler.mail.settings import PASSWORD, MailSettings

_TIMEOUT = 60.0  # seconds for each answer
_CLOSING = 421  # RFC 5321, 3.8
_CHECK_PLACE = "check [mail] host and port"
_UTF8 = ("SMTPUTF8", "BODY=8BITMIME")  # RFC 6531
_LOGGED_IN = 235  # RFC 4954, 4


class RefusedMessageError(Exception):
    """The server refuses a message for good: the address is unknown, or the message too large."""


class WaitingMessageError(Exception):
    """The server cannot take a message now (an answer 4xx), or the connection was cut: it may be sent again."""


class UnreachableError(ServerError):
    """The server cannot be reached any longer; it may come back."""


class Connection:
    """A connection to the server of the settings, made when the first message is sent."""

    def __init__(self, settings: MailSettings, environment: Mapping[str, str] | None = None) -> None:
        environment = os.environ if environment is None else environment
        self._settings = settings
        self._password = environment.get(PASSWORD, "")
        self._server: smtplib.SMTP | None = None
        self._was_made = False
        if settings.user and not self._password:
            raise UsageError(
                f"{PASSWORD} is not set", f"put the password of the user {settings.user} at {settings.host} there"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._drop()

    def send(self, message: EmailMessage, to: str) -> None:
        """Send a message to one address.

        Raises:
            RefusedMessageError: the server refuses it for good.
            WaitingMessageError: it may be sent again.
            UnreachableError: the server cannot be reached any longer.
            ServerError: it cannot be reached at all, or refuses whatever we send.
        """
        server = self._connected()
        sender = self._settings.sender.addr_spec
        try:
            server.ehlo_or_helo_if_needed()
            utf8 = not (sender.isascii() and to.isascii())
            if utf8 and not server.has_extn("smtputf8"):
                raise RefusedMessageError("the server takes no addresses with letters beyond ASCII")
            server.sendmail(sender, [to], message_bytes(message, sender, to), _UTF8 if utf8 else ())
        except smtplib.SMTPRecipientsRefused as error:
            ((code, answer),) = error.recipients.values()
            raise self._fault(code, answer) from error
        except smtplib.SMTPSenderRefused as error:
            if not _is_temporary(error.smtp_code):
                told = f"{self._where} refuses the sender {sender}: {_words(error.smtp_error)}"
                raise ServerError(told, "correct [mail] sender or user") from error
            raise self._fault(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            raise self._fault(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            raise WaitingMessageError(f"the connection was cut ({_fault_in_words(error)})") from error

    def _fault(self, code: int, answer: bytes | str) -> Exception:
        """What the answer of a server comes to. After 421 it speaks no longer."""
        if code == _CLOSING:
            self._drop()
        kind = WaitingMessageError if _is_temporary(code) else RefusedMessageError
        return kind(f"{code} {_words(answer)}")

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None

    @property
    def _where(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = self._connect()
            except smtplib.SMTPAuthenticationError as error:
                told = f"{self._where} refuses the user {self._settings.user}: {_words(error.smtp_error)}"
                raise ServerError(told, f"check [mail] user and {PASSWORD}") from error
            except smtplib.SMTPNotSupportedError as error:
                told = f"{self._where} cannot do what [mail] asks for: {str(error).rstrip('.')}"
                raise ServerError(told, "check security, port and user") from error
            except ssl.SSLError as error:
                told = f"no encrypted connection to {self._where}: {_tls_fault(error)}"
                raise ServerError(told, "check [mail] security and port, and the server's certificate") from error
            except (OSError, smtplib.SMTPException) as error:
                kind = UnreachableError if self._was_made else ServerError
                raise kind(f"no mail server at {self._where}: {_fault_in_words(error)}", _CHECK_PLACE) from error
            self._was_made = True
        return self._server

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        context = ssl.create_default_context()
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=_TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=_TIMEOUT)
        try:
            if settings.security == "starttls":
                server.starttls(context=context)
            if settings.user:
                _log_in(server, settings.user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """Log in. Python does so with ASCII alone; with other letters, as RFC 4616 says.

    Raises:
        smtplib.SMTPException: the server refuses it.
    """
    if user.isascii() and password.isascii():
        server.login(user, password)
        return
    server.ehlo_or_helo_if_needed()
    secret = b64encode(f"\0{user}\0{password}".encode()).decode()
    code, answer = server.docmd("AUTH", f"PLAIN {secret}")
    if code != _LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _is_temporary(code: int) -> bool:
    return 400 <= code < 500


def _fault_in_words(error: OSError) -> str:
    """What went wrong with a connection, in the words of the server or of the system."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return os_message(error)


def _tls_fault(error: ssl.SSLError) -> str:
    """Why there is no encryption, in words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is refused ({error.verify_message})"
    return (error.reason or str(error)).replace("_", " ").lower()


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())
