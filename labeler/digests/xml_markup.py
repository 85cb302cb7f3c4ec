"""The text of an XML element: paragraphs apart, formulas as LaTeX or as their letters.

Elements: JATS (https://jats.nlm.nih.gov), XHTML, MathML (https://www.w3.org/TR/MathML3/), and PubMed's few.
"""

from __future__ import annotations

import re
from typing import Any

from labeler.digests.xml import Element, local_name, namespace_of
from labeler.patterns import pattern

_BLOCKS = frozenset(
    "p title sec list list-item li ul ol div br h1 h2 h3 h4 h5 h6 tr table abstract AbstractText blockquote".split()
)
_HIDDEN = frozenset("script head object-id fig graphic".split())
_TEX = pattern(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_TEX_ANNOTATIONS = ("application/x-tex", "TeX", "LaTeX", "tex")


def text_of(element: Element | None) -> str:
    """The text in an element and in those inside it; ``""`` for None."""
    if element is None:
        return ""
    if not len(element):
        return element.text or ""
    pieces: list[str] = []
    _collect(element, pieces)
    return "".join(pieces).strip()


def _collect(element: Element, pieces: list[str]) -> None:
    if element.text:
        pieces.append(element.text)
    for child in element:
        name = local_name(child)
        if name in ("math", "tex-math", "alternatives"):
            pieces.append(_formula(child, name))
        elif name and not _is_hidden(child, name):
            if name in _BLOCKS:
                pieces.append("\n")
            _collect(child, pieces)
            if name in _BLOCKS:
                pieces.append("\n")
        if child.tail:
            pieces.append(child.tail)


def _is_hidden(element: Element, name: str) -> bool:
    """Whether an element holds nothing to read; ``style`` is a run of letters in EndNote's files."""
    return name in _HIDDEN or (name == "style" and "xhtml" in namespace_of(element))


def _formula(element: Element, name: str) -> str:
    """A formula: the LaTeX that comes with it, else its letters and signs in a row."""
    for inner in element.iter("{*}tex-math", "{*}annotation"):
        if local_name(inner) == "tex-math" or inner.get("encoding") in _TEX_ANNOTATIONS:
            text = "".join(inner.itertext())
            match = _TEX.search(text)
            tex = (match[1] if match else text).strip().strip("$").strip()
            return f"${tex}$" if tex else ""
    if name == "alternatives":
        element = next(iter(element.iter("{*}math")), element)
    return "".join("".join(_shown(element)).split())


def _shown(element: Element) -> Any:
    """The texts of a formula that are shown, without what annotates it."""
    if local_name(element) in ("annotation", "annotation-xml"):
        return
    yield element.text or ""
    for child in element:
        yield from _shown(child)
        yield child.tail or ""


def child(element: Element | None, *names: str) -> Element | None:
    """The first child of one of these names, the first name first; None if there is none."""
    if element is None:
        return None
    for name in names:
        for one in element:
            if local_name(one) == name:
                return one
    return None


def children(element: Element | None, *names: str) -> list[Element]:
    """All children of these names, in their order."""
    return [] if element is None else [one for one in element if local_name(one) in names]


def text_at(element: Element | None, *path: str) -> str:
    """The text of the first element along a path of names; ``""`` if there is none."""
    for name in path:
        element = child(element, name)
    return text_of(element).strip()
