"""Opening inputs: the files, addresses and answers of public sources that a name on the command line stands for."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from labeler.compression import may_be_packed
from labeler.digests.magic import is_archive
from labeler.digests.source import STDIN, Source, is_web_address
from labeler.errors import InputError, UsageError
from labeler.storage import is_uri, list_files, may_match_many

if TYPE_CHECKING:
    from labeler.sources.query import Query


def open_sources(inputs: Sequence[str]) -> list[Source]:
    """The inputs, opened: files, addresses, ``-``, and those that a folder, a pattern or an archive stands for.

    What a public source such as ``arxiv:cs.CL`` answers is fetched.

    Raises:
        InputError: one is missing or cannot be read.
        UsageError: what an address needs is not installed, or a public source cannot be asked this.
        ServerError: a public source cannot be reached, or does not answer as it should.
    """
    in_turn = sorted(range(len(inputs)), key=lambda number: may_be_fetched(inputs[number]))  # a slip shows at once
    opened = {number: _opened(inputs[number]) for number in in_turn}
    return [member for number in range(len(inputs)) for source in opened[number] for member in _unpacked(source)]


def _opened(name: str) -> list[Source]:
    """One input, opened, or those that it stands for."""
    if may_be_fetched(name):
        from labeler.sources.query import query_named

        return fetched_sources(query_named(name))
    try:
        return [Source(file, is_found=file != name) for file in files_of(name)]
    except InputError as error:
        error.hint = _source_meant(name) or error.hint
        raise


def _source_meant(name: str) -> str:
    """The hint where what is missing may be meant as the address of a source; empty for other names."""
    if "/" in name.partition(":")[0] or "." in name.partition(":")[0]:
        return ""
    from labeler.sources.query import source_meant

    meant = source_meant(name)
    return f"did you mean {shlex.quote(meant)}?" if meant else ""


def may_be_fetched(name: str) -> bool:
    """Whether an input is the address of a public source (``arxiv:cs.CL``), and not a file of that very name."""
    if ":" not in name[1:]:
        return False
    from labeler.sources.query import is_source

    return is_source(name)


def fetched_sources(query: Query) -> list[Source]:
    """What a public source answers, opened.

    Raises:
        UsageError: the source cannot be asked this.
        ServerError: it cannot be reached, or does not answer as it should.
        InputError: what it answers is no digest.
    """
    from labeler.sources.fetching import fetch

    fetched = fetch(query)
    sources = [Source(str(file), name=fetched.name) for file in fetched.files]
    sources[-1].notes += fetched.notes
    return sources


def _unpacked(source: Source) -> list[Source]:
    """The members of an archive that comes through standard input or from the web; other inputs as they are."""
    if source.address != STDIN and not is_uri(source.address):
        return [source]
    if not is_archive(source):
        return [source]
    from labeler.archives import paths_in_stream

    return [Source(path, is_found=True) for path in paths_in_stream(source.binary(), source.name)]


def files_of(name: str) -> list[str]:
    """The files that an input stands for, and the members of those that are archives; what is fetched lies in files.

    An address of the web is one file, whatever signs of a pattern are in it.

    Raises:
        InputError: a folder or pattern has no files, or an archive cannot be read.
        UsageError: the name is empty.
    """
    if not name.strip():
        raise UsageError("the name of an input is empty", "name a file, a folder or a pattern")
    if may_be_fetched(name):
        return [source.address for source in _opened(name)]
    if name == STDIN or is_web_address(name) or not may_match_many(name):
        return members_of(name)
    return [member for file in list_files([name]) for member in members_of(file, is_found=True)]


def members_of(file: str, is_found: bool = False) -> list[str]:
    """The members of a local file that is an archive; other files as they are.

    Raises:
        InputError: the archive cannot be read, and was not found in a folder: then it is refused where it is read.
    """
    if file == STDIN or is_uri(file) or not may_be_packed(file):
        return [file]
    from labeler.archives import paths_in

    try:
        return paths_in(file)
    except InputError:
        if not is_found:
            raise
        return [file]
