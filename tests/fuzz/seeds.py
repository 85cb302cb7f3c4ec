"""What is mutated: a file of each format, with the samples in the tests of readers and the files of ../shared."""
# ruff: noqa: E501  (files stand as programs write them)

from __future__ import annotations

import gzip
import importlib
import json
from functools import cache
from pathlib import Path

import pyarrow as pa

from labeler.digests import FORMATS, Source
from labeler.digests.registry import guess
from labeler.errors import LabelerError
from labeler.temporary import temporary_folder
from tests.digests.factories import ABSTRACT, MAIL, OTHER, excel, lines, page, parquet_bytes, tarred, zipped
from tests.paths import SHARED

_LARGEST = 60_000  # bytes of a file of ../shared
_ENTRY = f"<title>Sorting</title><id>http://arxiv.org/abs/2601.88001v1</id><summary>{ABSTRACT}</summary>"
_PAPERS = [
    {
        "title": "Sorting",
        "abstract": ABSTRACT,
        "id": "2601.88001",
        "authors": ["Ann Lee", "Bo Ek"],
        "date": "2026-01-14",
    },
    {"title": "Bridges", "summary": OTHER, "doi": "10.5555/a.1", "categories": "cs.LG cs.DL", "keywords": "a; b"},
]
_CARD = '<article><h3><a href="/papers/2601.88001">Sorting</a></h3><p>Two</p></article>'
_TABLE = f'title,abstract,doi\n"Sorting",{json.dumps(ABSTRACT)},10.5555/a.1\nBridges,"{OTHER}",\n'


def _arrow() -> bytes:
    table = pa.table({"title": ["Sorting", "Bridges"], "abstract": [ABSTRACT, OTHER]})
    out = pa.BufferOutputStream()
    with pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return bytes(out.getvalue())


def _own() -> list[bytes]:
    """Samples of formats whose tests make theirs on the spot, and of containers."""
    workbook = excel({"A": [["Papers of a day"], ["Title", "Abstract"], ["Sorting", ABSTRACT], ["Bridges", OTHER]]})
    texts = [
        MAIL,
        _TABLE,
        lines(*_PAPERS),
        json.dumps({"papers": _PAPERS, "more": {"cs.LG": _PAPERS}}, indent=1),
        json.dumps([{"paper": {"id": "2601.88001", "title": "Sorting", "summary": ABSTRACT}, "submittedBy": {}}] * 2),
        page("Mar 14", "Sorting", ABSTRACT, "Bridges", OTHER),
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>{_ENTRY}</entry></feed>',
        f'<rss version="2.0"><channel><item><title>Sorting</title><description>{ABSTRACT}</description></item></channel></rss>',
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header><identifier>oai:a:1'
        f"</identifier></header><metadata><arXiv><id>2601.88001</id><title>Sorting</title><abstract>{ABSTRACT}</abstract>"
        "</arXiv></metadata></record></ListRecords></OAI-PMH>",
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>88</PMID><Article><ArticleTitle>Sorting</ArticleTitle>"
        f"<Abstract><AbstractText Label='A'>{ABSTRACT}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>",
        "<?xml version='1.0'?><xml><records><record><titles><title><style>Sorting</style></title></titles>"
        f"<abstract><style>{ABSTRACT}</style></abstract></record></records></xml>",
        f"<html><body>{_CARD}</body></html>",
        "2601.88001\narXiv:2512.88003v2\n10.5555/invented.1\nPMID: 12345678\nhttps://arxiv.org/abs/hep-th/9901001\n",
        "Sorting the papers of a day with few answers\nListening to bridges that age\nOn counting cars in the rain\n",
    ]
    table = _TABLE.encode()
    return [
        *map(str.encode, texts),
        _arrow(),
        workbook,
        parquet_bytes(title=["Sorting", "Bridges"], abstract=[ABSTRACT, OTHER]),
        gzip.compress(table),
        zipped({"a.csv": table, "b/c.xlsx": workbook}),
        gzip.compress(tarred({"a.csv": table, "b.jsonl": lines(*_PAPERS).encode()})),
    ]


def _of_tests() -> list[bytes]:
    """The samples that tests of readers have at hand: long texts in their modules."""
    found = []
    for path in sorted((Path(__file__).parent.parent / "digests").glob("test_*.py")):
        module = importlib.import_module(f"tests.digests.{path.stem}")
        found += [value.encode() for value in vars(module).values() if isinstance(value, str) and len(value) > 200]
    return found


def _of_shared() -> list[bytes]:
    files = (path for name in ("digests", "cases") for path in sorted((SHARED / name).rglob("*")))
    return [path.read_bytes() for path in files if path.is_file() and 0 < path.stat().st_size <= _LARGEST]


@cache
def seeds(with_shared: bool) -> dict[str, list[bytes]]:
    """Files by the name of their format; ``archive`` are those that are several inputs."""
    found: dict[str, list[bytes]] = {reader.NAME: [] for reader in FORMATS.builtin} | {"archive": []}
    with temporary_folder() as folder:
        for content in dict.fromkeys([*_own(), *_of_tests(), *(_of_shared() if with_shared else [])]):
            (folder / "a").write_bytes(content)
            try:
                found[guess(Source(str(folder / "a")))].append(content)
            except LabelerError:
                if content.startswith((b"PK", b"\x1f\x8b")):
                    found["archive"].append(content)
    return found
