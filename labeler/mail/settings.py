"""The settings of mail: the section ``[mail]`` and its ``[[mail.subscriber]]`` in the workspace file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from ipaddress import ip_address
from typing import Any

from labeler.config import Workspace
from labeler.errors import InputError
from labeler.mail.addresses import address_of, key_of
from labeler.publish.digest_mail import MOST
from labeler.wording import nearest

PASSWORD = "LABELER_MAIL_PASSWORD"  # noqa: S105  (the name of a variable)
PORTS = {"starttls": 587, "tls": 465, "none": 25}
ON_EMPTY = ("skip", "send")
SUBJECT = "{name}, {date}: {papers}"
_KEYS = ("host", "port", "security", "user", "sender", "name", "subject", "unsubscribe", "on_empty", "most")
_SUBSCRIBER_KEYS = ("address", "name", "topics", "least_probability", "on_empty")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person, and what she wants: papers of ``topics`` (all where none is named) from ``least_probability`` on.

    On a day without any, nothing is sent if ``on_empty`` is ``skip``, and a message that says so if it is ``send``.
    """

    address: Address
    topics: tuple[str, ...] = ()
    least_probability: float = 0.0
    on_empty: str = "skip"

    @property
    def key(self) -> str:
        """What this person is called in the log."""
        return key_of(self.address)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Which server sends, who the sender is, what the list is called, and who gets it.

    ``most`` papers of a topic are shown. Who does not want the list any longer writes to ``unsubscribe``.
    """

    host: str
    port: int
    security: str
    user: str
    sender: Address
    name: str
    subject: str
    unsubscribe: Address
    most: int
    subscribers: tuple[Subscriber, ...]


def mail_settings(workspace: Workspace, environment: Mapping[str, str] | None = None) -> MailSettings:
    """The settings of mail in a workspace. ``LABELER_MAIL_HOST`` and the like in the environment override them.

    Raises:
        InputError: there are none, or one is missing, unknown or cannot be used.
    """
    section = workspace.sections.get("mail")
    where = str(workspace.settings_file)
    if section is None:
        raise InputError(f"there is no section [mail] in {where}", "write the server, the sender and subscribers there")
    if not isinstance(section, Mapping):
        raise InputError(f"mail is no section in {where}", "write [mail], and its settings below")
    values = {key: value for key, value in section.items() if key != "subscriber"}
    environment = os.environ if environment is None else environment
    values |= {key: text for key in _KEYS if (text := environment.get(f"LABELER_MAIL_{key.upper()}"))}
    table = _Table(values, "[mail]", where, _KEYS)
    security = table.choice("security", "starttls", tuple(PORTS))
    sender = table.address("sender")
    settings = MailSettings(
        host=table.text("host"),
        port=table.number("port", PORTS[security], 1, 65535),
        security=security,
        user=table.text("user", ""),
        sender=sender,
        name=table.text("name", "Papers"),
        subject=table.text("subject", SUBJECT),
        unsubscribe=table.address("unsubscribe", sender),
        most=table.number("most", MOST, 1, 10_000),
        subscribers=_subscribers(section.get("subscriber", []), where, table.choice("on_empty", ON_EMPTY[0], ON_EMPTY)),
    )
    if settings.security == "none" and not _is_this_machine(settings.host):
        raise InputError(
            f'[mail] security is "none" for {settings.host} in {where}',
            'only this machine may be spoken to unencrypted: write "starttls" or "tls"',
        )
    return settings


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _subscribers(tables: Any, where: str, on_empty: str) -> tuple[Subscriber, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise InputError(f"[mail] subscriber is no list of tables in {where}", "write [[mail.subscriber]] for each")
    found: dict[str, tuple[int, Subscriber]] = {}
    for number, values in enumerate(tables, start=1):
        table = _Table(values, f"[[mail.subscriber]] number {number}", where, _SUBSCRIBER_KEYS)
        address = table.address("address")
        name = table.text("name", address.display_name)
        one = Subscriber(
            Address(name, address.username, address.domain),
            table.texts("topics"),
            table.share("least_probability"),
            table.choice("on_empty", on_empty, ON_EMPTY),
        )
        if one.key in found:
            raise InputError(
                f"[[mail.subscriber]] numbers {found[one.key][0]} and {number} are both {address.addr_spec} in {where}",
                "write one of them, with the topics of both",
            )
        found[one.key] = number, one
    if not found:
        raise InputError(f"[mail] has no subscriber in {where}", "write [[mail.subscriber]] and an address below")
    return tuple(one for _, one in found.values())


@dataclass(frozen=True, slots=True)
class _Table:
    """The values of one table, which has only ``known`` keys; each is asked for as what it must be."""

    values: Mapping[str, Any]
    title: str
    where: str
    known: Sequence[str]

    def __post_init__(self) -> None:
        for key in self.values:
            if key not in self.known:
                meant = nearest(key, self.known)
                hint = f"did you mean {meant}? " if meant else ""
                raise InputError(
                    f"unknown setting {key!r} of {self.title} in {self.where}",
                    f"{hint}known are: {', '.join(self.known)}",
                )

    def fault(self, key: str, advice: str) -> InputError:
        """The error that a value cannot be used."""
        return InputError(f"{key} of {self.title} is {self.values.get(key)!r} in {self.where}", advice)

    def text(self, key: str, default: str | None = None) -> str:
        """A text on one line; one that is needed where there is no ``default``."""
        value = self.values.get(key, default)
        if value is None:
            raise InputError(f"{self.title} has no {key} in {self.where}", f"write {key} = …")
        if not isinstance(value, str) or not value.isprintable() or not (value.strip() or default == ""):
            raise self.fault(key, "give a text of one line")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where there is none."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.fault(key, 'give a list of texts, such as ["vision", "robotics"]')
        return tuple(value)

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self.values.get(key, default)
        if isinstance(value, str) and value.isascii() and value.isdigit():  # of the environment
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fault(key, f"give a whole number from {least} to {most}")
        return value

    def share(self, key: str) -> float:
        """A number from 0 to 1; 0 where there is none."""
        value = self.values.get(key, 0.0)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
            raise self.fault(key, "give a probability from 0 to 1, such as 0.5")
        return float(value)

    def choice(self, key: str, default: str, known: Sequence[str]) -> str:
        """One of the ``known`` texts."""
        value = self.values.get(key, default)
        if value not in known:
            raise self.fault(key, f"known are: {', '.join(known)}")
        return str(value)

    def address(self, key: str, default: Address | None = None) -> Address:
        """An address of mail; one that is needed where there is no ``default``."""
        if key not in self.values and default is not None:
            return default
        if key not in self.values:
            raise InputError(f"{self.title} has no {key} in {self.where}", f"write {key} = …")
        value = self.values[key]
        if not isinstance(value, str):
            raise self.fault(key, "give an address, such as name@example.org")
        try:
            return address_of(value)
        except ValueError as error:
            raise self.fault(key, f"{error}; give an address, such as name@example.org") from None
