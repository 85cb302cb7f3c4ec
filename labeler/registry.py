"""A registry of one kind of thing, such as formats: every module in a folder is a member, and packages add others.

A member is a module. ``NAME`` is how people call it, and what its file is called; ``ABOUT`` says in one line what it
is; a protocol says what else its kind needs. The folder is listed, and a module is imported, when it is first wanted:
no list of members is kept anywhere. Other packages name theirs under an entry-point group.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar, get_args, get_origin, get_type_hints

from labeler.errors import UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


class Member(Protocol):
    """What every member offers."""

    NAME: str
    ABOUT: str


MemberT = TypeVar("MemberT", bound=Member)


class BrokenPluginError(UsageError):
    """A member of another package that was named, and cannot be used."""


class Registry(Generic[MemberT]):
    """The members of one kind, by name. Those with a ``RANK`` are in its order, the others in that of their names.

    Members of other packages are looked up only where no built-in one will do: to read what is installed takes longer
    than to label a page. A built-in member hides another one of its name. A member of another package that is broken is
    passed over, unless it is asked for by its name.

    Args:
        noun: what a member is called in messages, such as ``format``.
        folder: the package whose modules are the built-in members.
        group: the entry-point group in which other packages name modules of theirs; the name of the entry point is the
            module's ``NAME``.
        protocol: what a member offers.
    """

    def __init__(self, noun: str, folder: str, group: str, protocol: type) -> None:
        self.noun = noun
        self.group = group
        self._folder = folder
        self._protocol = protocol

    @cached_property
    def builtin(self) -> Sequence[MemberT]:
        """The members that come with labeler."""
        return sorted(map(self._module, self.names), key=_rank)

    @cached_property
    def added(self) -> Sequence[MemberT]:
        """The members that other packages add and that are whole."""
        members = []
        for entry in self._entries.values():
            try:
                members.append(self._loaded(entry))
            except BrokenPluginError:
                continue
        return sorted(members, key=_rank)

    @property
    def all(self) -> Sequence[MemberT]:
        """The built-in members, then those that other packages add."""
        return [*self.builtin, *self.added]

    @cached_property
    def names(self) -> Sequence[str]:
        """The names of the built-in members, which are those of their files; nothing is imported for them."""
        files = (file for folder in import_module(self._folder).__path__ for file in Path(folder).iterdir())
        return sorted(file.stem for file in files if file.suffix == ".py" and file.stem != "__init__")

    def named(self, name: str) -> MemberT:
        """The member of a name.

        Raises:
            UsageError: no member has that name; the message has the names of all.
            BrokenPluginError: another package offers it, and it cannot be used; the message says why.
        """
        if name in self.names:
            return self._module(name)
        if name in self._entries:
            return self._loaded(self._entries[name])
        known = ", ".join(member.NAME for member in self.all)
        raise UsageError(f"there is no {self.noun} {name!r}", f"known are: {known}")

    def has(self, name: str) -> bool:
        """Whether a member of that name is known; nothing is imported for it."""
        return name in self.names or name in self._entries

    def described(self) -> str:
        """The built-in members in one sentence, each with what it is, for help texts."""
        return "; ".join(f"{member.NAME}: {member.ABOUT}" for member in self.builtin)

    def fault(self, member: Any, name: str) -> str:
        """What keeps ``member`` from being used under ``name``, in words; empty where nothing does."""
        for attribute, hint in get_type_hints(self._protocol).items():
            if not hasattr(member, attribute):
                return f"it has no {attribute}"
            if not _fits(getattr(member, attribute), hint):
                return f"its {attribute} is {getattr(member, attribute)!r}"
        functions = [key for kind in self._protocol.__mro__ for key, value in vars(kind).items() if callable(value)]
        for function in functions:
            if not function.startswith("_") and not callable(getattr(member, function, None)):
                return f"it has no {function}()"
        return "" if name == member.NAME else f"its NAME is {member.NAME!r}"

    def _module(self, name: str) -> MemberT:
        module: Any = import_module(f"{self._folder}.{name}")
        member: MemberT = module
        return member

    @cached_property
    def _entries(self) -> dict[str, EntryPoint]:
        """The entry points of other packages by name; of two with one name the first that is found counts."""
        from importlib.metadata import entry_points

        found = {entry.name: entry for entry in reversed(entry_points(group=self.group))}
        return {name: found[name] for name in sorted(found.keys() - {*self.names})}

    def _loaded(self, entry: EntryPoint) -> MemberT:
        try:
            member: MemberT = entry.load()
            fault = self.fault(member, entry.name)
        except (Exception, SystemExit) as error:  # a module of another package may do anything when it is imported
            fault = f"{type(error).__name__}: {error}"
        if fault:
            raise BrokenPluginError(
                f"the {self.noun} {entry.name!r}, which is {entry.value} of another package, cannot be used: {fault}",
                "mend or uninstall that package",
            )
        return member


def _rank(member: Member) -> tuple[int, str]:
    return getattr(member, "RANK", 0), member.NAME


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type as protocols here name them: a class, a tuple of texts, or one of some words."""
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(isinstance(part, str) for part in value)
    return isinstance(value, hint)
