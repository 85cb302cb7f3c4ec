from __future__ import annotations

import pytest

from labeler.digests.markup import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo\n"),
        ("One<br>Two", "One\nTwo"),
        ("<head><title>No</title></head><style>p {}</style><p>Robots &amp; arms</p>", "Robots & arms\n"),
        ("<p>a\n   b\t c</p>", "a b c\n"),
        ("<pre>a\n   b</pre>", "a\n   b\n"),
        ("a&nbsp;b", "a b"),
        ("</p></style>plain", "plain"),
    ],
)
def test_a_page_is_read_line_by_line(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a < b and c<d</p>", "a < b and c<d"),
        ('<p title="a < b > c">word</p>', "word"),
        ("<p title='it\"s'>word<br/>two</p>", "word\ntwo"),
        ("<p title=it's>word</p>", "word"),
        ("<!-- note <b> --><p>word</p><!-- never ended", "word\n<!-- never ended"),
        (f'<img src="{"x" * 100_000}"><p>word</p>', "word"),
    ],
)
def test_signs_that_begin_no_tag_are_text(html: str, text: str) -> None:
    assert text_of_html(html).strip() == text


@pytest.mark.parametrize("section", ["<![CDA[x]]>", "<![if !mso]>", "<![x", "<![CDATA[x", "<![ temp[x]]>"])
def test_sections_of_unknown_kinds_are_survived(section: str) -> None:
    assert text_of_html(f"<p>before</p>{section}<p>after</p>").startswith("before")
