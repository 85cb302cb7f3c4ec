"""Markdown: groups, and texts that would be mark-up. A parser of CommonMark says what a reader sees."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from labeler.publish.labelled import LabelledPaper
from tests.publish.factories import NAMES, Topics, labelled, paper, written

_LANG: Topics = (("lang", 0.8, ("word",)),)


def _md(*papers: LabelledPaper, **options: Any) -> str:
    return written("md", papers, **options)


def _seen(markdown: str) -> dict[str, list[str]]:
    """The texts of the strong parts and headings, the links' targets, and what is raw HTML."""
    parsed: dict[str, list[str]] = {"strong": [], "headings": [], "links": [], "raw": [], "texts": []}
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type in {"html_block", "table_open", "fence", "code_block", "hr"}:
            parsed["raw"].append(token.type)
        if token.type != "inline":
            continue
        children = token.children or []
        plain = "".join("\n" if child.type in {"hardbreak", "softbreak"} else child.content for child in children)
        parsed["headings" if before and before.type == "heading_open" else "texts"].append(plain)
        parsed["links"] += [str(child.attrs["href"]) for child in children if child.type == "link_open"]
        parsed["raw"] += [
            child.type for child in children if child.type in {"html_inline", "code_inline", "em_open", "s_open"}
        ]
        inside: list[str] | None = None
        for child in children:
            if child.type == "strong_open":
                inside = []
            elif child.type == "strong_close" and inside is not None:
                parsed["strong"].append("".join(inside))
                inside = None
            elif inside is not None:
                inside.append(child.content)
    return parsed


def test_papers_stand_under_their_topics_the_most_probable_first() -> None:
    papers = [
        labelled(paper("Low"), (("vision", 0.6, ()),)),
        labelled(paper("Both")),
        labelled(paper("Nothing"), (), "none"),
        labelled(paper("Old"), (("gone", 0.5, ()),), "review"),
    ]
    assert _md(*papers, names={"lang": "Language", "vision": "Images"}) == (
        "# 4 papers by topic\n"
        "\n## Language (1)\n\n- **Both**  \n  0.70 · also Images\n"
        "\n## Images (2)\n\n- **Both**  \n  0.91 · image, pixel · also Language\n- **Low**  \n  0.60\n"
        "\n## gone (1)\n\n- **Old**  \n  0.50 · to review\n"
        "\n## No topic (1)\n\n- **Nothing**\n"
    )


@pytest.mark.parametrize(
    ("torn", "words"),
    [
        (("lang", None), "torn between Language and none of these"),
        ((None,), "unsure of none of these"),
        (("lang",), "unsure of Language"),
        ((), "a doubtful topic"),
    ],
)
def test_between_what_a_paper_lies_is_told(torn: tuple[str | None, ...], words: str) -> None:
    item = labelled(topics=(), decision="review", reason="ambiguous")._replace(torn=torn)
    assert words in _md(item)


def test_one_paper_is_told_in_the_singular() -> None:
    assert _md(labelled()).startswith("# 1 paper by topic\n")
    assert _md().strip() == "# 0 papers by topic"


@pytest.mark.parametrize(
    ("authors", "shown"),
    [
        (("A B",), "A B"),
        (("A B", "C D", "E F"), "A B, C D, E F"),
        (("A B", "C D", "E F", "G H"), "A B, C D, E F et al."),
    ],
)
def test_no_more_than_three_authors_are_named(authors: tuple[str, ...], shown: str) -> None:
    line = _md(labelled(paper(authors=authors, date="--03-14"), _LANG)).splitlines()[-1]
    assert line == f"  {shown} · 14 March · 0.80 · word"


def test_paper_without_a_title_shows_how_its_abstract_begins() -> None:
    assert f"- **{'x' * 80}**" in _md(labelled(paper("", "x" * 200)))


_HOSTILE = [
    "[a](http://example.org)", "![a](x)", "]( x", "**bold** and __more__", "*em* _em_", "`code` ``",
    "<script>alert(1)</script>", "<https://example.org>", "a | b | c", "~~gone~~", "$x_1$ and $y^2$",
    "back\\slash \\* \\", "# no heading", "1. item", "&lt;b&gt; &copy; &#42;", "R&D at AT&T", "a  b", "[^1]: note",
    "- item", "---", "+ item", "> quote", "ends with *", "* starts",
]  # fmt: skip


@pytest.mark.parametrize("text", _HOSTILE)
def test_title_is_shown_as_it_is(text: str) -> None:
    seen = _seen(_md(labelled(paper(f"T {text}", url="https://example.org/p"), _LANG)))
    assert seen["strong"] == [f"T {text}"]
    assert seen["links"] == ["https://example.org/p"]
    assert not seen["raw"]


@pytest.mark.parametrize("text", _HOSTILE)
def test_authors_words_and_names_of_topics_are_shown_as_they_are(text: str) -> None:
    item = labelled(paper(authors=(f"A {text}",)), (("lang", 0.8, (f"w {text}",)), ("other", 0.5, ())), "review")
    seen = _seen(_md(item, names={"lang": f"N {text}", "other": f"O {text}"}))
    assert seen["headings"][1:] == [f"N {text} (1)", f"O {text} (1)"]
    assert seen["texts"][0].split("\n")[1] == f"A {text} · 0.80 · w {text} · also O {text} · to review"
    assert not seen["raw"]


@pytest.mark.parametrize("text", ["1. Ann", "- Ann", "+ Ann", "# Ann", "> Ann", "---", "===", "| Ann |"])
def test_author_at_the_beginning_of_a_line_begins_no_list(text: str) -> None:
    seen = _seen(_md(labelled(paper(authors=(text,)), _LANG)))
    assert seen["texts"] == [f"Sorting Papers\n{text} · 0.80 · word"]


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a_b_c", "https://example.org/(a)/b)", "https://example.org/?a=1&b=2", "https://example.org/[x]",
     "https://example.org/a*b*", "https://example.org/?q=&copy=1", "https://example.org/end\\"],
)  # fmt: skip
def test_link_leads_where_it_says(url: str) -> None:
    seen = _seen(_md(labelled(paper(url=url), _LANG)))
    assert seen["strong"] == ["Sorting Papers"]
    (target,) = seen["links"]
    assert target.replace("%5C", "\\").replace("%5B", "[").replace("%5D", "]") == url


@pytest.mark.parametrize(
    "url", ["https://example.org/a b", "https://example.org/<x>", "https://example.org/\nb", None, ""]
)
def test_link_that_would_break_the_text_is_left_out(url: str | None) -> None:
    seen = _seen(_md(labelled(paper(url=url), _LANG)))
    assert (seen["strong"], seen["links"]) == (["Sorting Papers"], [])


_LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cn", "Co", "Cf"]), max_size=12
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(_LINE | st.sampled_from(["[", "](", "**", "<b>", "`", "\\", "&amp;", "|", "~~", "http://x"]), max_size=5)
)
def test_any_clean_title_is_shown_as_it_is(pieces: list[str]) -> None:
    title = f"T{''.join(pieces)}"
    seen = _seen(_md(labelled(paper(title, url="https://example.org/p"), _LANG)))
    assert seen["strong"] == [title]
    assert seen["headings"][1:] == [f"{NAMES['lang']} (1)"]


def test_a_probability_is_left_out_beside_what_people_gave() -> None:
    item = labelled(topics=(("lang", 0.999, ("word",)), ("vision", 0.7, ())), decision="judged")
    text = written("md", [item._replace(by={"lang": ("ada",)})])
    assert "judged by ada" in text
    assert ("1.00" in text, "0.70" in text) == (False, True)
