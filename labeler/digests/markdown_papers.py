"""What a section, an item or a row of a Markdown digest says of a paper, as the fields of a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from labeler.digests.fields import NAMES, known_name, normal_name
from labeler.digests.links import identifiers_of_link, leads_to_paper
from labeler.digests.markdown import ITEM, QUOTE, RULE, Link, bold_in, links_in, plain_text, without_links
from labeler.papers.dates import iso_date
from labeler.papers.ids import arxiv_id, doi
from labeler.patterns import pattern

_LABELS = {
    "abstract": ("abstract", "originalabstract", "abstractoriginal", "摘要", "原文摘要", "英文摘要", "概要", "초록"),
    "summary": ("summary", "papersummary"),
    "authors": ("authors", "author", "by", "作者", "著者"),
    "categories": (
        "category", "categories", "maincategory", "primarycategory", "subjects", "arxivcategories", "分类", "类别",
    ),
    "date": (
        "date", "published", "publisheddate", "publishdate", "publicationdate", "submitted", "updated", "发布日期",
        "日期",
    ),
    "keywords": ("keywords", "keyword", "关键词"),
    "comments": ("comments", "comment"),
    "venue": ("venue", "journal", "conference", "publishedin"),
    "doi": ("doi",),
    "arxiv_id": ("arxivid", "arxiv"),
    "title": ("title", "标题", "题目"),
}  # fmt: skip
_FIELD_OF = {label: field for field, labels in _LABELS.items() for label in labels}
_LABEL = pattern(
    r"^(?:[-*+•]\s+)?(?P<bold>\*\*|__)?\s*(?P<label>[^*:：|\[\]()<>]{1,40}(?:[(（][^()（）]{1,20}[)）])?)\s*"
    r"(?:(?:\*\*|__)\s*[:：]|[:：]\s*(?:\*\*|__)|[:：])\s*(?P<value>.*)$"
)
_BOLD_LABEL = pattern(r"^(?:[-*+•]\s+)?(?:\*\*|__)(?P<label>[^*_]{1,40}?)[:：]?(?:\*\*|__)[:：]?\s*$")
_SUMMARY_TAG = pattern(
    r"<summary>\s*(?:<[a-z]+>)*(?P<label>[^<>]{1,60}?)(?:</[a-z]+>)*\s*</summary>\s*(?P<value>.*)$", re.IGNORECASE
)
_TAG_LINE = pattern(r"^(?:\s*</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>)+\s*$", re.IGNORECASE)
_BRACKETS = pattern(r"[(（][^()（）]*[)）]")
_ITALIC_LINE = pattern(r"^(?P<mark>\*|_)(?P<names>[^*_].*?)(?P=mark)(?:\s*\|\s*(?P<rest>.*))?$")
_NUMBER = pattern(r"^(?:\[\d{4}\.\d{4,5}(?:v\d+)?\]|\[\d{1,5}\]|#?\d{1,5}[.):]|[①-⑳])\s*")
_TITLE_LABEL = pattern(r"^(?:paper )?(?:title|标题|题目|论文标题|論文名|タイトル)\s*[:：]\s*(?=\S)", re.IGNORECASE)
_GENERIC = pattern(
    r"(?:the )?(?:pdf|paper|link|abs|abstract|arxiv|html|url|code|project(?: page)?|website|github|doi|page|here"
    r"|read more|full text|(?:arxiv |paper )?id|source|论文|链接|代码|原文|(?:论文|原文|项目)?(?:链接|地址))s?"
    r"(?: ?(?:link|page|pdf|id|链接|地址))?|\W*|(?:arxiv:\s*)?\d{4}\.\d{4,5}(?:v\d+)?|https?://.*"
    r"|10\.\d{4,9}/\S+",
    re.IGNORECASE,
)
_LINK_WORD = pattern(r"(?<!\w)(?:arxiv|doi|pdf|paper|link|code)$", re.IGNORECASE)
_LINK_WORDS = 10  # letters at the end of a text in which such a word is
_EMPTY = pattern(r"[\[(]\s*[\])]")
_ET_AL = pattern(r"[\s,]*\bet[\s.]*al\b\.?", re.IGNORECASE)
_ABSTRACT_WORDS = 25
_META_WORDS = 8  # words beside its links in a line that is about where a paper is


class Said:
    """What the lines below a heading say, label by label."""

    def __init__(self) -> None:
        self.parts: dict[str, list[str]] = {}
        self.links: list[Link] = []
        self._free: list[list[str]] = [[]]  # paragraphs that no label stands before
        self._now: str | None = None

    def take(self, lines: Iterable[str], label: str = "") -> None:
        """Take in lines; those at the beginning are under ``label``."""
        self._now = _field_of(label) if label else None
        for line in lines:
            self._line(line)
        self._now = None

    def _line(self, raw: str) -> None:
        line = " ".join(QUOTE.sub("", raw).split())
        if not line:
            self._free.append([])
            self._now = self._now if self._now in ("abstract", "summary") else None
        elif RULE.match(line) or _TAG_LINE.match(line):
            self._now = None
        elif match := _SUMMARY_TAG.search(line):
            self._labelled(match["label"], match["value"])
        elif (match := _BOLD_LABEL.match(line)) or ((match := _LABEL.match(line)) and self._is_label(match)):
            self._labelled(match["label"], match.groupdict().get("value") or "")
        elif self._now is not None:
            self.parts.setdefault(self._now, []).append(line)
        elif "authors" not in self.parts and not raw.lstrip().startswith(">") and (match := _ITALIC_LINE.match(line)):
            self._byline(match)
        else:
            self._unlabelled(line)

    def _is_label(self, match: re.Match[str]) -> bool:
        """Whether what stands before a colon is a label, and not the beginning of a sentence."""
        if match["bold"] or _field_of(match["label"]) != "":
            return True
        return self._now not in ("abstract", "summary") and len(match["label"].split()) <= 3

    def _labelled(self, label: str, value: str) -> None:
        self._now = _field_of(label)
        if links := [link for link in links_in(value) if identifiers_of_link(link.target)]:
            self.links += links
        self.parts.setdefault(self._now, [])
        if value.strip():
            self.parts[self._now].append(value.strip())
        for piece in value.split("|")[1:] if self._now in ("authors", "categories", "date") else ():
            if match := _LABEL.match(piece.strip().strip("*")):
                self.parts.setdefault(_field_of(match["label"]), []).append(match["value"].strip("* "))

    def _byline(self, match: re.Match[str]) -> None:
        self.parts["authors"] = [match["names"]]
        for piece in (match["rest"] or "").split("|"):
            if inner := _LABEL.match(piece.strip().strip("*")):
                self.parts.setdefault(_field_of(inner["label"]), []).append(inner["value"].strip("* "))

    def _unlabelled(self, line: str) -> None:
        if len(plain_text(without_links(line)).split()) <= _META_WORDS:
            self.links += links_in(line)
        if ITEM.match(line) is None:
            self._free[-1].append(line)

    def text(self, field: str) -> str:
        """What is said under a label, in one text."""
        return plain_text("\n".join(self.parts.get(field, ())))

    def abstract(self) -> str:
        """The abstract; where no label names one, the longest paragraph that may be one."""
        if found := self.text("abstract") or self.text("summary"):
            return found
        paragraphs = [plain_text("\n".join(lines)) for lines in self._free if lines]
        longest = max(paragraphs, key=len, default="")
        return longest if len(longest.split()) >= _ABSTRACT_WORDS else ""


def _field_of(label: str) -> str:
    """The field that a label stands for; ``""`` for other labels."""
    label = label.partition("|")[0]
    return _FIELD_OF.get(normal_name(_BRACKETS.sub("", label)), "")


def is_abstract_label(heading: str) -> bool:
    """Whether a heading stands above an abstract."""
    return _field_of(plain_text(heading)) in ("abstract", "summary")


def is_abstract(heading: str) -> bool:
    """Whether a heading names an abstract, and no summary, which digests have of a whole day, too."""
    return _field_of(plain_text(heading)) == "abstract"


def section_fields(heading: str, said: Said) -> dict[str, Any]:
    """The fields of a paper whose title is a heading, and of which the lines below say more."""
    links = links_in(heading)
    title = next((link.text for link in links if link.text and not _GENERIC.fullmatch(link.text)), "")
    title = title or plain_text(without_links(heading) if links and links[0].text else heading)
    categories = re.split(r"[;,\s]+", said.text("categories"))
    return {
        "title": ("" if links else said.text("title")) or _bare_title(title) or said.text("title"),
        "abstract": said.abstract(),
        "authors": authors_of(said.text("authors")),
        "date": date_of(said.text("date")),
        "categories": [part for part in categories if part],
        "keywords": keywords_of(said.text("keywords")),
        "comments": said.text("comments"),
        "venue": said.text("venue"),
        **identifiers_of([*links, *said.links], f"{said.text('arxiv_id')} {said.text('doi')}"),
    }


def item_fields(text: str) -> dict[str, Any]:
    """The fields of a paper in an item of a list: a title, links, and authors or a date beside them."""
    links = links_in(text)
    title = next((link.text for link in links if _is_title(link.text)), "") or bold_in(text)
    if not _is_title(title):
        bare = _EMPTY.sub(" ", plain_text(without_links(text)))
        title = _without_end(bare)
        title = "" if _GENERIC.fullmatch(title) else title
    said = Said()
    lines = text.split("\n")
    said.take(lines[1:])
    date = re.match(r"\W*(\d{4}-\d\d-\d\d)\b", text)
    rest = plain_text(lines[0]).partition(title)[2] if title else ""
    named = re.match(r"[\s,.–—-]*(?:by\s+)?(?P<names>[^,;|:]+?\bet[\s.]*al\b)", rest)
    return {
        "title": _bare_title(title),
        "abstract": said.abstract(),
        "authors": authors_of(said.text("authors") or (named["names"] if named else "")),
        "date": date_of(said.text("date")) or (date[1] if date else ""),
        **identifiers_of([*links, *said.links], text),
    }


def _bare_title(text: str) -> str:
    """A title without its number, and without a label that says that it is one."""
    return _TITLE_LABEL.sub("", _NUMBER.sub("", text)).strip()


def _without_end(text: str) -> str:
    """A text without the signs and the words ("pdf", "code") that its links left at its end."""
    while True:
        bare = text.rstrip(" \t\n-–—,;:：.([")
        match = _LINK_WORD.search(bare[-_LINK_WORDS:])
        if match is None:
            return bare
        text = bare[: len(bare) - len(match[0])]


def row_fields(names: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """The fields of a paper in a row of a table, whose columns have these ``names``."""
    row: dict[str, Any] = {}
    links: list[Link] = []
    for name, cell in zip(names, cells, strict=False):
        links += links_in(cell)
        field = column_field(name)
        text = plain_text(cell)
        if field == "abstract" and text.startswith("<think>"):
            continue  # a language model's thoughts
        if field and text and text.lower() not in ("null", "none", "-") and field not in row:
            row[field] = _READ[field](text) if field in _READ else text
    return {**row, **identifiers_of(links, row.get("arxiv_id", ""))}


def column_field(name: str) -> str:
    """The field that a column of a table stands for; ``""`` for other columns."""
    known = known_name(plain_text(name))[0]
    if known in ("papername", "paper", "papers", "article", "论文", "论文标题", "标题", "题目"):
        return "title"
    if known in ("publishdate", "日期", "发布日期"):
        return "date"
    return next(
        (field for field in ("title", "abstract", "authors", "date") if known in NAMES[field]), _FIELD_OF.get(known, "")
    )


def identifiers_of(links: Sequence[Link], text: str) -> dict[str, str]:
    """The identifiers in links and in a text, and the first link that leads somewhere."""
    ids: dict[str, str] = {}
    for link in links:
        for name, value in identifiers_of_link(link.target).items():
            ids.setdefault(name, value)
    if not ids and (found := arxiv_id(text)):
        ids["arxiv_id"] = found
    if not ids and "10." in text and (found := doi(text)):
        ids["doi"] = found
    leading = [link.target for link in links if link.target.startswith(("http://", "https://"))]
    first = next(filter(leads_to_paper, leading), leading[0] if leading else "")
    return {**ids, "url": first} if first else ids


def authors_of(text: str) -> str:
    """Authors without ``et al.`` and without ``and others``."""
    return _ET_AL.sub("", text).strip(" ,;.")


def date_of(text: str) -> str:
    """The date that a text begins with; ``""`` if it is none."""
    text = text.strip()
    return next((text_ for text_ in (text, text[:10]) if iso_date(text_)), "")


def keywords_of(text: str) -> list[str]:
    """The keywords in a text that commas or semicolons divide."""
    return [word for word in re.split(r"\s*[;,；，、]\s*", text) if word]


_READ: dict[str, Callable[[str], Any]] = {"authors": authors_of, "date": date_of, "keywords": keywords_of}


def _is_title(text: str) -> bool:
    return len(text.split()) >= 2 and not text.endswith((":", "：")) and not _GENERIC.fullmatch(text)


def has_identifier(fields: Mapping[str, Any]) -> bool:
    """Whether a record names its paper by an identifier."""
    return any(fields.get(name) for name in ("arxiv_id", "doi", "pmid"))


def names_paper(fields: Mapping[str, Any]) -> bool:
    """Whether a record names its paper by an identifier, or by a link to where papers lie."""
    return has_identifier(fields) or leads_to_paper(str(fields.get("url") or ""))
