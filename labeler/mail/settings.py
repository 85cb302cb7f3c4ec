"""The settings of mail: the section ``[mail]`` and its ``[[mail.subscriber]]`` in the workspace file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Any

from labeler.config import Workspace, refuse_misspelt, variable_of
from labeler.errors import InputError
from labeler.hosts import is_loopback
from labeler.mail.addresses import key_of
from labeler.mail.table import Table
from labeler.publish.digest_mail import MOST

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
    variables = {key: variable_of(f"mail_{key}") for key in _KEYS}
    refuse_misspelt(environment, (*variables.values(), PASSWORD))
    overridden = {key: text for key, variable in variables.items() if (text := environment.get(variable))}
    if "password" in values:
        raise InputError(f"there is a password in {where}", f"take it away, and put it into {PASSWORD} alone")
    table = Table(values, "[mail]", where, _KEYS, overridden)
    port = table.number("port", 0, 0, 65535)
    security = table.choice("security", "tls" if port == PORTS["tls"] else "starttls", tuple(PORTS))
    sender = table.address("sender")
    settings = MailSettings(
        host=table.text("host"),
        port=port or PORTS[security],
        security=security,
        user=table.text("user", ""),
        sender=sender,
        name=table.text("name", "Papers"),
        subject=table.text("subject", SUBJECT),
        unsubscribe=table.address("unsubscribe", sender),
        most=table.number("most", MOST, 1, 10_000),
        subscribers=_subscribers(section.get("subscriber", []), where, table.choice("on_empty", ON_EMPTY[0], ON_EMPTY)),
    )
    if settings.security == "none" and not is_loopback(settings.host):
        raise InputError(
            f'[mail] security is "none" for {settings.host} in {where}',
            'only this machine may be spoken to unencrypted: write "starttls" or "tls"',
        )
    return settings


def _subscribers(tables: Any, where: str, on_empty: str) -> tuple[Subscriber, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise InputError(f"[mail] subscriber is no list of tables in {where}", "write [[mail.subscriber]] for each")
    found: dict[str, tuple[int, Subscriber]] = {}
    for number, values in enumerate(tables, start=1):
        table = Table(values, f"[[mail.subscriber]] number {number}", where, _SUBSCRIBER_KEYS)
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
