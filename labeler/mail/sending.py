"""Sending by SMTP (RFC 5321): one connection for many messages, made again where it is cut."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Self

from labeler.errors import ServerError, UsageError
from labeler.mail.settings import PASSWORD, MailSettings

_TIMEOUT = 60.0  # seconds for each answer


class RefusedMessageError(Exception):
    """The server refuses a message for good: the address is unknown, or the message too large."""


class WaitingMessageError(Exception):
    """The server cannot take a message now (an answer 4xx), or the connection was cut: it may be sent again."""


class Connection:
    """A connection to the server of the settings, made when the first message is sent."""

    def __init__(self, settings: MailSettings, environment: Mapping[str, str] | None = None) -> None:
        environment = os.environ if environment is None else environment
        self._settings = settings
        self._password = environment.get(PASSWORD, "")
        self._server: smtplib.SMTP | None = None
        if settings.user and not self._password:
            raise UsageError(f"{PASSWORD} is not set", f"put the password of {settings.user} there")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (OSError, smtplib.SMTPException):
                self._server.close()
            self._server = None

    def send(self, message: EmailMessage, to: str) -> None:
        """Send a message to one address.

        Raises:
            RefusedMessageError: the server refuses it for good.
            WaitingMessageError: it may be sent again.
            ServerError: the server cannot be reached, or refuses whatever we send.
        """
        server = self._connected()
        sender = self._settings.sender.addr_spec
        try:
            server.send_message(message, sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            ((code, answer),) = error.recipients.values()
            raise _fault(code, answer) from error
        except smtplib.SMTPSenderRefused as error:
            if not 400 <= error.smtp_code < 500:
                told = f"{self._where} refuses the sender {sender}: {_words(error.smtp_error)}"
                raise ServerError(told, "correct [mail] sender or user") from error
            raise WaitingMessageError(_words(error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise _fault(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise RefusedMessageError("the server takes no addresses with letters beyond ASCII") from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._server = None
            server.close()
            raise WaitingMessageError(f"the connection was cut ({error})") from error

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
                told = f"{self._where} cannot do what [mail] asks for: {error}"
                raise ServerError(told, "check security, port and user") from error
            except ssl.SSLError as error:
                told = f"no encrypted connection to {self._where}: {error.reason or error}"
                raise ServerError(told, "check [mail] security and port, and the server's certificate") from error
            except (OSError, smtplib.SMTPException) as error:
                raise ServerError(f"no mail server at {self._where}: {error}", "check [mail] host and port") from error
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
                server.login(settings.user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def _fault(code: int, answer: bytes | str) -> Exception:
    kind = WaitingMessageError if 400 <= code < 500 else RefusedMessageError
    return kind(f"{code} {_words(answer)}")


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())
