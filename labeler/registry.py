"""A registry of one kind of thing, such as formats: every module in a folder is a member, and packages add others.

A member is a module. ``NAME`` is how people call it, and what its file is called; ``ABOUT`` says in one line what it
is; a protocol says what else its kind needs. The folder is listed, and a module is imported, when it is first wanted:
no list of members is kept anywhere. Other packages name theirs under an entry-point group.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, wraps
from importlib import import_module
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    Literal,
    NamedTuple,
    Protocol,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from labeler.errors import LabelerError, UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


class Member(Protocol):
    """What every member offers."""

    NAME: str
    ABOUT: str


MemberT = TypeVar("MemberT", bound=Member)


class BrokenPluginError(UsageError):
    """A member of another package that was named, and cannot be used."""


class PluginWarning(UserWarning):
    """A member of another package cannot be used, and is left out. The command line tells it in one line."""


class Addition(NamedTuple):
    """A member that another package adds, whole or not: an entry point of a registry's group.

    ``kind`` is what it adds, such as ``format``; ``about`` says what it is, and is empty where that is not known.
    ``place`` is the module. ``fault`` says in words why it is left out, and is empty where it is used.
    """

    kind: str
    name: str
    about: str
    package: str
    version: str
    place: str
    fault: str


class Registry(Generic[MemberT]):
    """The members of one kind, by name. Those with a ``RANK`` are in its order, the others in that of their names.

    Members of other packages are looked up only where no built-in one will do: to read what is installed takes longer
    than to label a page. A built-in member hides another one of its name. A member of another package that is broken is
    left out with a :class:`PluginWarning`, unless it is asked for by its name. What goes wrong in one while it is used
    is a :class:`BrokenPluginError`, which names it.

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
            except BrokenPluginError as error:
                leave_out(error)
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

    @property
    def additions(self) -> Sequence[Addition]:
        """All that other packages add to this kind, by name: what is used, and what is not, with the reason."""
        from importlib.metadata import entry_points

        return [self._addition(entry) for entry in sorted(entry_points(group=self.group), key=lambda one: one.name)]

    def has(self, name: str) -> bool:
        """Whether a member of that name is known; nothing is imported for it."""
        return name in self.names or name in self._entries

    def described(self) -> str:
        """The built-in members in one sentence, each with what it is, for help texts."""
        return "; ".join(f"{member.NAME}: {member.ABOUT}" for member in self.builtin)

    def fault(self, member: Any, name: str) -> str:
        """What keeps ``member`` from being used under ``name``, in words; empty where nothing does.

        It lacks a name of the protocol, one is of another type, or a function does not take what the protocol's does.
        """
        for attribute, hint in get_type_hints(self._protocol).items():
            if not hasattr(member, attribute):
                return f"it has no {attribute}"
            if not _fits(getattr(member, attribute), hint):
                return f"its {attribute} is {getattr(member, attribute)!r}"
        functions = [item for kind in self._protocol.__mro__ for item in vars(kind).items() if callable(item[1])]
        for function, meant in functions:
            if function.startswith("_"):
                continue
            if not callable(getattr(member, function, None)):
                return f"it has no {function}()"
            if not _takes(getattr(member, function), wanted := _arguments(meant)):
                return f"its {function}() does not take {', '.join(wanted)}"
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

    def _addition(self, entry: EntryPoint) -> Addition:
        member, fault = self._tried(entry)
        if entry.name in self.names:
            fault = f"labeler has a {self.noun} of that name itself"
        elif entry != self._entries[entry.name]:
            fault = f"{_package(self._entries[entry.name])} adds a {self.noun} of that name, too"
        about = getattr(member, "ABOUT", "")
        package, version = (entry.dist.name, entry.dist.version) if entry.dist else ("", "")
        return Addition(
            self.noun, entry.name, about if isinstance(about, str) else "", package, version, entry.value, fault
        )

    def _tried(self, entry: EntryPoint) -> tuple[Any, str]:
        """The module of an entry point, None where it cannot be imported, and what keeps it from being used."""
        try:
            member = entry.load()
            return member, self.fault(member, entry.name)
        except (Exception, SystemExit) as error:  # a module of another package may do anything when it is imported
            return None, _told(error)

    def _loaded(self, entry: EntryPoint) -> MemberT:
        member, fault = self._tried(entry)
        called = f"the {self.noun} {entry.name!r}, which is {entry.value} of {_package(entry)},"
        if fault:
            raise BrokenPluginError(f"{called} cannot be used: {fault}", "mend or uninstall that package")
        guarded: Any = _Guarded(member, called)
        found: MemberT = guarded
        return found


class _Guarded:
    """A member of another package: what goes wrong in its functions is an error that names it.

    Errors of labeler and those of files and networks pass: they say what they are about.
    """

    def __init__(self, member: Any, called: str) -> None:
        self._member, self._called = member, called

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._member, name)
        return self._guarded(value) if callable(value) else value

    def _guarded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*arguments: Any) -> Any:
            try:
                found = function(*arguments)
            except Exception as error:
                raise self._blamed(error) from error
            return self._each(found) if isinstance(found, Iterator) else found

        return call

    def _each(self, found: Iterator[Any]) -> Iterator[Any]:
        try:
            yield from found
        except Exception as error:
            raise self._blamed(error) from error

    def _blamed(self, error: Exception) -> Exception:
        if isinstance(error, LabelerError | OSError) or type(error).__module__.startswith("labeler."):
            return error
        return BrokenPluginError(f"{self._called} has failed: {_told(error)}", "mend or uninstall that package")


def leave_out(error: Exception) -> None:
    """Warn that a member of another package is left out, and why."""
    text = error.message if isinstance(error, LabelerError) else str(error)
    warnings.warn(f"{text}; it is left out", PluginWarning, stacklevel=2)


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "another package"


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _arguments(function: Any) -> list[str]:
    """The names of what a protocol's function takes, without ``self``."""
    return list(function.__code__.co_varnames[1 : function.__code__.co_argcount])


def _takes(function: Any, names: Sequence[str]) -> bool:
    """Whether a function can be called with as many arguments by position as there are names."""
    from inspect import signature

    try:
        signature(function).bind(*names)
    except TypeError:
        return False
    except ValueError:  # one that is written in C may not say what it takes
        return True
    return True


def _rank(member: Member) -> tuple[int, str]:
    return getattr(member, "RANK", 0), member.NAME


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type as protocols here name them: a class, a tuple of texts, or one of some words."""
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(isinstance(part, str) for part in value)
    return isinstance(value, hint)
