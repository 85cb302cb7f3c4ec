"""How fast the records of digests are read, beside a parser of each format; and how fast clean papers come of them.

The files are written here from papers of arXiv. What makes a paper of a record, its text clean and its identifiers
known, is the same for all formats, and takes much longer than to parse most of them.
"""

from __future__ import annotations

import csv
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.bench.speed.material import ARXIV
from tests.bench.speed.turns import Row, in_turns

PAPERS = 3000
_ROUNDS = 3
Paper = dict[str, Any]
_HALF, _AS_FAST = "×0.5", ""


def rows() -> Iterator[Row]:
    """A row for each format: CPU seconds for all records."""
    from labeler.digests.reading import PaperStream, open_sources
    from labeler.digests.registry import guess, reader_named

    with tempfile.TemporaryDirectory() as folder:
        papers = _papers()
        for name, (write, peer, parse, asked) in _FORMATS.items():
            path = Path(folder) / f"papers.{name}"
            write(papers, path)
            counts: list[int] = []

            def ours(path: Path = path, counts: list[int] = counts) -> None:
                [source] = open_sources([str(path)])
                counts.append(sum(1 for _ in reader_named(guess(source)).records(source)))

            def theirs(path: Path = path, parse: Callable[[Path], object] = parse) -> None:
                parse(path)

            mine, other = in_turns(ours, theirs, _ROUNDS)
            assert set(counts) == {PAPERS}, (name, counts)
            begun = time.process_time()
            assert sum(1 for _ in PaperStream(open_sources([str(path)]))) == PAPERS
            rate = f"{PAPERS / (time.process_time() - begun):,.0f} clean papers a second"
            yield Row(f"reading {PAPERS:,} records, {name}; peer: {peer}", mine, other, asked, note=rate)


def _papers() -> list[Paper]:
    import pandas as pd

    frame = pd.read_parquet(ARXIV).sample(PAPERS, random_state=0)
    return [
        {
            "id": row.id, "title": " ".join(row.title.split()), "abstract": " ".join(row.abstract.split()),
            "authors": ["Lee, Ann", "Doe, Jo"], "date": str(row.date)[:10], "doi": f"10.1000/{number}",
        }
        for number, row in enumerate(frame.itertuples())
    ]  # fmt: skip


def _write_ris(papers: list[Paper], path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        for paper in papers:
            out.write(f"TY  - JOUR\nTI  - {paper['title']}\nAB  - {paper['abstract']}\n")
            out.writelines(f"AU  - {author}\n" for author in paper["authors"])
            out.write(f"PY  - {paper['date'][:4]}\nDO  - {paper['doi']}\nER  - \n\n")


def _write_bibtex(papers: list[Paper], path: Path) -> None:
    def plain(text: str) -> str:
        return "".join(sign for sign in text if sign not in "{}\\$%#@")

    with path.open("w", encoding="utf-8") as out:
        for number, paper in enumerate(papers):
            out.write(f"@article{{key{number},\n  title = {{{plain(paper['title'])}}},\n")
            out.write(f"  author = {{{' and '.join(paper['authors'])}}},\n  year = {{{paper['date'][:4]}}},\n")
            out.write(f"  doi = {{{paper['doi']}}},\n  abstract = {{{plain(paper['abstract'])}}}\n}}\n\n")


def _write_nbib(papers: list[Paper], path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        for number, paper in enumerate(papers, start=1):
            out.write(f"PMID- {number}\nOWN - NLM\nTI  - {paper['title']}\nAB  - {paper['abstract']}\n")
            out.writelines(f"FAU - {author}\n" for author in paper["authors"])
            out.write(f"DP  - {paper['date'][:4]}\nAID - {paper['doi']} [doi]\n\n")


def _write_rss(papers: list[Paper], path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0"?>\n<rss version="2.0"><channel><title>Papers</title>\n')
        for paper in papers:
            link = f"https://arxiv.org/abs/{paper['id']}"
            out.write(f"<item><title>{escape(paper['title'])}</title><link>{link}</link><guid>{link}</guid>")
            out.write(f"<description>{escape(paper['abstract'])}</description></item>\n")
        out.write("</channel></rss>\n")


def _write_pubmed(papers: list[Paper], path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0"?>\n<PubmedArticleSet>\n')
        for number, paper in enumerate(papers, start=1):
            out.write(f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article>")
            out.write(f"<ArticleTitle>{escape(paper['title'])}</ArticleTitle>")
            out.write(f"<Abstract><AbstractText>{escape(paper['abstract'])}</AbstractText></Abstract>")
            out.write("</Article></MedlineCitation></PubmedArticle>\n")
        out.write("</PubmedArticleSet>\n")


def _write_csv(papers: list[Paper], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "title", "abstract", "date", "doi"])
        writer.writerows([paper[name] for name in ("id", "title", "abstract", "date", "doi")] for paper in papers)


def _write_jsonl(papers: list[Paper], path: Path) -> None:
    path.write_text("".join(json.dumps(paper) + "\n" for paper in papers), encoding="utf-8")


def _write_json(papers: list[Paper], path: Path) -> None:
    path.write_text(json.dumps(papers), encoding="utf-8")


def _write_excel(papers: list[Paper], path: Path) -> None:
    import pandas as pd

    pd.DataFrame(papers).drop(columns="authors").to_excel(path, index=False)


def _write_parquet(papers: list[Paper], path: Path) -> None:
    import pandas as pd

    pd.DataFrame(papers).to_parquet(path)


def _rispy(path: Path) -> object:
    import rispy

    with path.open(encoding="utf-8") as stream:
        return rispy.load(stream)


def _bibtexparser(path: Path) -> object:
    import bibtexparser

    return bibtexparser.parse_file(str(path))


def _nbib(path: Path) -> object:
    import nbib

    return nbib.read_file(str(path))


def _feedparser(path: Path) -> object:
    import feedparser

    return feedparser.parse(str(path))


def _lxml(path: Path) -> object:
    from lxml import etree

    return [
        ("".join(node.find(".//ArticleTitle").itertext()), "".join(node.find(".//AbstractText").itertext()))
        for node in etree.parse(str(path)).iter("PubmedArticle")
    ]


def _openpyxl(path: Path) -> object:
    import openpyxl

    return list(openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True))


def _csv(path: Path) -> object:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _jsonl(path: Path) -> object:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _json(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8"))


def _pyarrow(path: Path) -> object:
    import pyarrow.parquet as pq

    return pq.read_table(path).to_pylist()


_FORMATS: dict[str, tuple[Callable[[list[Paper], Path], None], str, Callable[[Path], object], str]] = {
    "ris": (_write_ris, "rispy", _rispy, _HALF),
    "bib": (_write_bibtex, "bibtexparser", _bibtexparser, _HALF),
    "nbib": (_write_nbib, "nbib", _nbib, _HALF),
    "rss": (_write_rss, "feedparser", _feedparser, _HALF),
    "pubmed.xml": (_write_pubmed, "lxml", _lxml, _HALF),
    "xlsx": (_write_excel, "openpyxl", _openpyxl, _HALF),
    "csv": (_write_csv, "csv", _csv, _AS_FAST),
    "jsonl": (_write_jsonl, "json", _jsonl, _AS_FAST),
    "json": (_write_json, "json", _json, _AS_FAST),
    "parquet": (_write_parquet, "pyarrow", _pyarrow, _AS_FAST),
}
