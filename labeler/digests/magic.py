"""Files that are no text, by their first bytes: what they are, and what to do about them.

The bytes: https://en.wikipedia.org/wiki/List_of_file_signatures; of pickles, the opcodes of ``pickletools``.
"""

from __future__ import annotations

import re

from labeler.digests.source import STDIN, Source
from labeler.patterns import pattern
from labeler.storage import is_uri

TEXT = "copy its titles and abstracts into a CSV table"
AS_TEXT = "save it as text, such as CSV"
UNPACK = "unpack it and give the files in it"
_OLD_OFFICE = "save it as .xlsx or CSV, or the mail as .eml"
_TABLE = "save the table as CSV or Parquet"
_IMAGE = "an image"
_PICKLE = "a pickle file (which could run code)"
_R = "an R data file"
_VIDEO = "a recording"
_ARCHIVE = "an archive"
_PACKED, _NESTED = ("an archive", UNPACK), ("an archive inside an archive", UNPACK)
# By what stands at the beginning, in the order in which they are looked for.
_STARTS = (
    (rb"%PDF", "a PDF file", TEXT),
    (rb"%!PS", "a PostScript file", TEXT),
    (rb"AT&TFORM", "a DjVu file", TEXT),
    (rb"\xd0\xcf\x11\xe0", "an old Office file (.xls, .doc) or an Outlook mail (.msg)", _OLD_OFFICE),
    (rb"7z\xbc\xaf", "a 7z archive", UNPACK),
    (rb"Rar!", "a RAR archive", UNPACK),
    (rb"\x04\x22\x4d\x18|\x1f\x9d|LZIP[\x00-\x02]", _ARCHIVE, UNPACK),
    (rb"PK\x07\x08", "a zip archive in several parts", UNPACK),
    (rb"\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ\x00|\(\xb5/\xfd", "a file that is compressed twice", UNPACK),
    (rb"SQLite format 3", "an SQLite database", "export the table of papers as CSV"),
    (rb"\x00\x01\x00\x00Standard (?:Jet|ACE) DB", "an Access database", "export the table of papers as CSV"),
    (rb"\x89HDF", "an HDF5 file", _TABLE),
    (rb"Obj\x01", "an Avro file", _TABLE),
    (rb"ORC[\x00-\x1f]", "an ORC file", _TABLE),
    (rb"\x93NUMPY", "a NumPy array", _TABLE),
    (rb"\x80[\x02-\x05]", _PICKLE, _TABLE),
    (rb"\(?[ld]p\d+\r?\n|c[A-Za-z_][\w.]*\r?\n[A-Za-z_]\w*\r?\n(?:p\d+\r?\n|q[\x00-\x1f])|[]}]q\x00", _PICKLE, _TABLE),
    (rb"RD[AX][23]\n|[XA]\n\x00\x00\x00", _R, _TABLE),
    (rb"\$FL[23]@", "an SPSS file", _TABLE),
    (rb"<stata_dta>", "a Stata file", _TABLE),
    (rb"MATLAB 5\.0 MAT-file", "a MATLAB file", _TABLE),
    (rb".{60}BOOKMOBI", "an e-book (.mobi)", TEXT),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*|RIFF.{4}WEBP|BM.{4}\x00{4}", _IMAGE, TEXT),
    (rb"\x00\x00\x00\x0cjP  |\x00\x00\x01\x00[\x01-\x20]\x00", _IMAGE, TEXT),
    (rb".{4}ftyp(?:hei|mif|avif)", _IMAGE, TEXT),
    (rb".{4}ftyp|RIFF.{4}(?:WAVE|AVI )|ID3[\x02-\x04]|OggS\x00|fLaC\x00|\x1a\x45\xdf\xa3", _VIDEO, TEXT),
    (rb"MZ.\x00|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe", "a program", "give a digest with papers in it"),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern, re.DOTALL), kind, advice) for pattern, kind, advice in _STARTS)
# Inside zip archives.
_OFFICE = (
    ("xl/", "a binary Excel workbook (.xlsb)", "open it and save it as .xlsx or as CSV (UTF-8)"),
    ("word/", "a Word document (.docx)", TEXT),
    ("ppt/", "a PowerPoint file (.pptx)", TEXT),
    ("content.xml", "an OpenDocument file (.ods, .odt)", "open it and save it as .xlsx or as CSV (UTF-8)"),
    ("Index/", "a Numbers or Pages document", "open it and save it as CSV (UTF-8)"),
    ("META-INF/container.xml", "an EPUB", TEXT),
)
_BINARY = pattern(r"[\x00-\x08\x0e-\x1a]")  # signs that no text has
_LOOKED_AT = 512  # characters in which they show


def kind_of_bytes(source: Source) -> tuple[str, str] | None:
    """What an input is that its first bytes name, and what to do about it; None if they do not.

    Raises:
        InputError: it is an archive that cannot be read.
    """
    if source.table_format:
        return None
    if kind := _kind_of_archive(source):
        if kind == _PACKED and not is_uri(source.address) and source.address != STDIN:
            from labeler.archives import paths_in

            paths_in(source.address)  # says what is wrong with it
        return kind
    return next(((kind, advice) for start, kind, advice in _COMPILED if start.match(source.start)), None)


def is_archive(source: Source) -> bool:
    """Whether an input is a zip or tar archive, and no document that is one."""
    return _kind_of_archive(source) in (_PACKED, _NESTED)


def is_binary(source: Source) -> bool:
    """Whether an input is no text."""
    return not source.table_format and _BINARY.search(source.head[:_LOOKED_AT]) is not None


def _kind_of_archive(source: Source) -> tuple[str, str] | None:
    """What an archive is that was not opened, or a document that is one; None where the input is neither."""
    if not source.start.startswith(b"PK") and b"\0" not in source.start:
        return None
    from labeler.archives import is_archive, names_in_zip

    if not is_archive(source.start):
        return None
    with source.binary() as stream:
        names = names_in_zip(stream)
    found = ((kind, advice) for part, kind, advice in _OFFICE if any(name.startswith(part) for name in names))
    return next(found, _NESTED if source.member else _PACKED)
