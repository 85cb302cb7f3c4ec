"""The values of a table in the settings, each of the type that it must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from typing import Any

from labeler.config import variable_of
from labeler.errors import InputError
from labeler.mail.addresses import address_of
from labeler.wording import nearest


@dataclass(frozen=True, slots=True)
class Table:
    """The values of one table, called ``title``, in the file ``where``; each is asked for as what it must be.

    Those of the environment (``overridden``) take the place of those in the file.

    Raises:
        InputError: a key is not one of the ``known`` ones.
    """

    values: Mapping[str, Any]
    title: str
    where: str
    known: Sequence[str]
    overridden: Mapping[str, str] = field(default_factory=dict)

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
        if key in self.overridden:
            told = f"{variable_of(f'mail_{key}')} is {self.overridden[key]!r} in the environment"
            return InputError(told, advice)
        return InputError(f"{key} of {self.title} is {self.values.get(key)!r} in {self.where}", advice)

    def _get(self, key: str, default: Any) -> Any:
        return self.overridden.get(key, self.values.get(key, default))

    def text(self, key: str, default: str | None = None) -> str:
        """A text on one line; one that is needed where there is no ``default``."""
        value = self._get(key, default)
        if value is None:
            raise InputError(f"{self.title} has no {key} in {self.where}", f"write {key} = …")
        if not isinstance(value, str) or not value.isprintable() or not (value.strip() or default == ""):
            raise self.fault(key, "give a text of one line")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where there is none."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.fault(key, 'give a list of texts, such as ["vision", "robotics"]')
        return tuple(value)

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._get(key, default)
        if isinstance(value, str) and value.isascii() and value.isdigit():  # of the environment
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fault(key, f"give a whole number from {least} to {most}")
        return value

    def share(self, key: str) -> float:
        """A number from 0 to 1; 0 where there is none."""
        value = self._get(key, 0.0)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
            raise self.fault(key, "give a probability from 0 to 1, such as 0.5")
        return float(value)

    def choice(self, key: str, default: str, known: Sequence[str]) -> str:
        """One of the ``known`` texts."""
        value = self._get(key, default)
        if value not in known:
            raise self.fault(key, f"known are: {', '.join(known)}")
        return str(value)

    def address(self, key: str, default: Address | None = None) -> Address:
        """An address of mail; one that is needed where there is no ``default``."""
        value = self._get(key, None)
        if value is None and default is not None:
            return default
        if value is None:
            raise InputError(f"{self.title} has no {key} in {self.where}", f"write {key} = …")
        if not isinstance(value, str):
            raise self.fault(key, "give an address, such as name@example.org")
        try:
            return address_of(value)
        except ValueError as error:
            raise self.fault(key, f"{error}; give an address, such as name@example.org") from None
