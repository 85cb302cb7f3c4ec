"""What is wrong with the text of a paper, as flags: the paper is kept, and people are told what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from labeler.papers.latex import outside_math
from labeler.papers.mojibake import is_misread
from labeler.papers.withdrawn import is_withdrawn

# What each flag says of papers, and what to do.
SENTENCES = {
    "no_abstract": "without an abstract, labelled by the title alone: export them with abstracts",
    "no_title": "without a title: look at how the title is called in the digest",
    "cut_abstract": "with an abstract that breaks off: fetch the whole ones, labels may miss what stood at the end",
    "cut_short": "whose text breaks off in the digest: look for the whole abstracts",
    "other_language": "in another language than your papers: the model may not know their words, check their labels",
    "markup_left": "with LaTeX or HTML left in the text: export them as plain text, if there is a choice",
    "call_for_papers": "that may be calls for papers: leave them out",
    "table_of_contents": "that may be tables of contents or covers: leave them out",
    "retracted": "that were retracted: do not rely on them",
    "withdrawn": "that were withdrawn by their authors: do not rely on them",
    "odd_characters": "with letters that could not be read: save the digest as UTF-8, or fetch it again",
}
# The patterns are compiled when they are first needed, which they are not by most papers.
_CUT_MARK = (
    r"(?i)(?:…|\.\.\.|\[(?:…|\.{3}|truncated)\]|\((?:…|\.{3}|truncated)\))[\s\"'”’]*"
    r"(?:\(?(?:read|see|show|view|continue)?\s?(?:more|reading|less)\)?\.?)?$|\b(?:read|show|see|view) more\.?$"
    r"|\bcontinue reading\.?$"
)
# Words that no sentence ends with.
_CUT_WORD = (
    r"[a-z,] (?:the|of|and|or|with|from|an?|our|their|its|which|whose|because|between|than|are|is|was|were|has|have"
    r"|this|these|such|into|to|for|by|at|on|in|as|that)$"
)
_CUTS = frozenset({250, 255, 256, 300, 400, 500, 512, 1000, 1024, 1500, 2000, 2048, 3000, 4000, 4096, 32767})
_END, _OPEN_ENDS = 80, ("..", "more.", "reading.")
_SHORTEST = 80  # characters of an abstract that may be cut; shorter ones are remarks
_TAG = (
    r"(?i)</?(?:a|img|table|t[dhr]|tbody|font|script|style|sec|section|xref|u|tt|pre|code|blockquote|d[ltd]|center|small|big"
    r"|title|abstract|inline-formula|tex-math|mml:\w+|jats:[\w-]+|math|m(?:row|i|o|n|sup|sub|text))(?:\s[^<>]{0,300})?/?>"
)
# Commands that make text; those of symbols stand in abstracts of mathematics, with dollar signs or without.
_COMMAND = (
    r"\\(?:begin|end|item|footnote\w*|href|url|text\w+|emph|cite\w*|ref|label|section|subsection|paragraph|noindent|par"
    r"|newline|linebreak|vspace|hspace|includegraphics|caption|centering|bibitem|def|newcommand|usepackage|ensuremath)\b"
)
_ENTITY = r"&(?:amp|lt|gt|quot|nbsp|apos|#\d{2,5}|#x[0-9a-fA-F]{2,4}|[a-z]{2,6});"
_CALL = (
    r"(?i)^\W*(?:(?:final|second|third|last|\d(?:st|nd|rd|th)|open|special issue)\s+)?(?:call\s+for\s+(?:papers"
    r"|participation|contributions|submissions|abstracts|proposals|chapters|manuscripts|reviewers|nominations)|cfp\s*:)"
    r"|[:–—.\-]\s*(?:a\s+)?call\s+for\s+(?:papers|submissions|abstracts|contributions)\W*$"
)
_CONTENTS = (
    r"(?is)(?:table\s+of\s+contents|contents|inhalt(?:sverzeichnis)?|table\s+des\s+mati[èe]res|sommaire|sumario|sum[áa]rio"
    r"|[íi]ndice|indice|contents\s+list|list\s+of\s+contents|issue\s+information|front\s*matter|back\s*matter|masthead"
    r"|(?:front|back|inside)?\s*cover(?:\s+(?:image|page|picture))?|title\s+page|copyright\s+page|half\s+title"
    r"|editorial\s+board|author\s+index|subject\s+index|graphical\s+contents(?:\s+list)?|目录|目次|목차|содержание"
    r"|оглавление)(?:\W+(?:(?:of|for)\s+)?(?:vol(?:ume)?|issue|no|number|nr|band|heft|\d|page|pages|list)\b.{0,60})?\W*"
)
_LONGEST_CONTENTS = 400  # characters of an abstract beside such a title
_RETRACTED_TITLE = (
    r"(?i)^\W*(?:retracted(?:\s*(?:article|paper|chapter|version))?\s*[:\]).–—-]"
    r"|(?:partial\s+)?retraction(?:\s+(?:note|notice|statement))?(?:\s+to)?\s*[:\]–—]|notice\s+of\s+retraction\b"
    r"|retraction\s+(?:note|notice|statement)\b)|[\[(]retracted(?:\s+article)?[^\])]{0,60}[\])]\W*$"
)
_RETRACTED_ABSTRACT = (
    r"(?is)^.{0,120}?\b(?:(?:this|the(?:\s+above|\s+following)?)\s+(?:article|paper|chapter|publication|work)"
    r"[^.]{0,120}?\b(?:has|have)\s+been\s+retracted\b)|^\W*retract(?:ed|ion)\s*[:.\]]"
)


def flags_of(title: str, abstract: str, comments: str = "") -> Iterator[str]:
    """The flags of a paper with this text; ``comments`` are those of its authors."""
    if not abstract:
        yield "no_abstract"
    elif _is_cut(abstract):
        yield "cut_abstract"
    if not title:
        yield "no_title"
    if _has_odd_characters(title) or _has_odd_characters(abstract):
        yield "odd_characters"
    if _has_markup(title) or _has_markup(abstract):
        yield "markup_left"
    if is_withdrawn(title, abstract, comments):
        yield "withdrawn"
    if is_retracted(title, abstract):
        yield "retracted"
    if "call" in (small := title.lower()) or "cfp" in small:
        if re.search(_CALL, title):
            yield "call_for_papers"
    elif len(abstract) < _LONGEST_CONTENTS and re.fullmatch(_CONTENTS, title):
        yield "table_of_contents"


def is_retracted(title: str, abstract: str) -> bool:
    """Whether a paper says that it has been retracted, or that it is the note on another one."""
    if "retract" in title.lower() and re.search(_RETRACTED_TITLE, title):
        return True
    return "etract" in abstract[:300].lower() and re.match(_RETRACTED_ABSTRACT, abstract) is not None


def _is_cut(abstract: str) -> bool:
    """Whether an abstract breaks off: it says so, or ends as no sentence does, or where programs cut texts."""
    end = abstract[-_END:]
    if end.endswith(".") and not end.lower().endswith(_OPEN_ENDS):
        return False
    if re.search(_CUT_MARK, end):
        return True
    if len(abstract) < _SHORTEST:
        return False
    return re.search(_CUT_WORD, end) is not None or (len(abstract) in _CUTS and end[-1].isalnum())


def _has_odd_characters(text: str) -> bool:
    return not text.isascii() and ("\ufffd" in text or is_misread(text))


def _has_markup(text: str) -> bool:
    if "<" in text and re.search(_TAG, text):
        return True
    if "&" in text and re.search(_ENTITY, text):
        return True
    return "\\" in text and any(re.search(_COMMAND, part) for part in outside_math(text) or [text])
