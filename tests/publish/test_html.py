"""The page in HTML: what stands where, that nothing in it is markup of others, and templates of the user's."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from labeler.publish.labelled import LabelledPaper
from tests.conftest import Labeler
from tests.pages.browser import open_browser, show
from tests.pages.test_report import Tags
from tests.publish.factories import NAMES, Topics, labelled, paper, written

_LANG: Topics = (("lang", 0.8, ("word",)),)
EVIL = "<img src=x onerror=alert(1)> </script><script>alert(2)</script> \"'><svg onload=alert(3)> {{ 7*7 }} <!--"


class Page(Tags):
    """The page as a tree of tags, with the text of each section."""

    VOID = ("meta", "br", "input")


def page(*papers: LabelledPaper, names: Any = NAMES) -> str:
    return written("html", papers, names)


def section(html: str, heading: str) -> str:
    """The section under a heading."""
    found = re.search(rf"<section [^>]*>\s*<h2 [^>]*>{heading} <span.*?</section>", html, re.DOTALL)
    assert found, heading
    return found[0]


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def hostile() -> LabelledPaper:
    one = paper(
        f"Title {EVIL}", f"Abstract {EVIL} word", authors=(EVIL,), venue=EVIL, date=EVIL, url="javascript:alert(4)",
        ids=("doi:10.1/<script>alert(5)</script>",),
    )  # fmt: skip
    topics: Topics = ((EVIL, 0.9, ("word", EVIL)),)
    return LabelledPaper(
        one, topics, {EVIL: 0.9}, "review", EVIL, "ambiguous", {EVIL: (EVIL,)}, torn=(EVIL, None), since=EVIL, task=EVIL
    )


def test_papers_stand_once_under_their_best_topic_those_for_review_apart() -> None:
    html = page(
        labelled(paper("Low"), (("vision", 0.6, ()),)),
        labelled(paper("Both")),
        labelled(paper("Nothing"), (), "none"),
        labelled(paper("Doubt"), _LANG, "review", "ambiguous")._replace(torn=("lang", "vision")),
        labelled(paper("Old"), (("gone", 0.5, ()),)),
    )
    assert re.findall(r"<h2 [^>]*>([^<]*) <span", html.partition("<script>")[0]) == [
        "Language", "Vision &amp; Images", "gone", "To review", "No topic",
    ]  # fmt: skip
    vision = section(html, "Vision &amp; Images")
    assert vision.index("Both") < vision.index("Low")
    assert "91 %" in vision
    assert "70 %, under Vision &amp; Images" in text(section(html, "Language"))
    assert "To review: torn between Language and Vision &amp; Images." in section(html, "To review")
    assert html.count("<article ") == 5
    assert "5 papers by topic" in html
    assert "3 decided by the model · 1 to review · 1 of no topic" in html


def test_who_judged_and_the_task_are_told() -> None:
    judged = labelled(paper("Known"), _LANG, "judged")._replace(by={"lang": ("ann", "bo")})
    none = labelled(paper("Other"), (), "judged")
    task = "https://labels.example.org/projects/1/data?task=2&x=3"
    html = page(judged, none, labelled(paper("Doubt"), (), "review", "unfamiliar")._replace(task=task))
    assert "judged by ann, bo" in section(html, "Language")
    assert "judged: none of these" in section(html, "No topic")
    review = section(html, "To review")
    assert f'<a href="{task.replace("&", "&amp;")}">Judge in Label Studio</a>' in review
    assert "To review: unfamiliar words." in review
    assert "Change in Label Studio</a>" in section(page(judged._replace(task=task)), "Language")


def test_the_words_behind_the_topics_are_marked_and_formulas_read() -> None:
    html = page(labelled(paper("A Word on $O(n^2)$", "Words, word and wordy."), _LANG))
    assert "A <mark>Word</mark> on O(n<sup>2</sup>)</h3>" in html
    assert "Words, <mark>word</mark> and wordy." in html
    assert "Because of: word" in html


@pytest.mark.parametrize(
    ("probability", "told"),
    [(1.0, "100 %"), (0.999, "&gt;99 %"), (0.504, "50 %"), (0.001, "&lt;1 %"), (float("nan"), "")],
)
def test_probabilities_are_told_in_words_and_as_a_bar(probability: float, told: str) -> None:
    html = page(labelled(paper(), (("lang", probability, ()),)))
    assert f'<b>Language</b>{f"""<i class="w{round(probability * 100)}"></i>{told}""" if told else ""}</li>' in html


def test_links_lead_to_services_and_only_to_the_web() -> None:
    one = paper("One", url="https://example.org/?a=1&b=2", ids=("arxiv:2503.11731", "doi:10.1/x", "pmid:7"))
    html = page(labelled(one, _LANG), labelled(paper("Two", url="file:///etc/passwd", ids=("pmid:8",)), _LANG))
    assert re.findall(r'href="([^"#][^"]*)"', html) == [
        "https://example.org/?a=1&amp;b=2", "https://arxiv.org/abs/2503.11731", "https://doi.org/10.1/x",
        "https://pubmed.ncbi.nlm.nih.gov/7", "https://pubmed.ncbi.nlm.nih.gov/8", "https://pubmed.ncbi.nlm.nih.gov/8",
    ]  # fmt: skip


def test_nothing_of_others_is_markup_and_the_page_is_whole() -> None:
    html = page(hostile(), names={EVIL: EVIL})
    tree = Page()
    tree.feed(html)
    assert tree.open == []
    tags = [tag for tag, _ in tree.found]
    assert tags.count("script") == tags.count("h1") == 1
    assert not set(tags) & {"img", "svg", "iframe", "link", "base", "object", "embed"}
    for tag, attributes in tree.found:
        assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
        assert not re.match(r"(?i)\s*(javascript|data|file):", attributes.get("href") or "")
    ids = [attributes["id"] for _, attributes in tree.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert "{{ 7*7 }}" in html


def test_the_policy_lets_nothing_run_but_the_style_and_script_of_the_page() -> None:
    html = page(hostile())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    told = dict(part.strip().split(" ", 1) for part in policy[1].replace("&#39;", "'").split(";"))
    assert told["default-src"] == "'none'"
    for name, tag in (("script-src", "script"), ("style-src", "style")):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert told[name] == f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def test_the_same_papers_give_the_same_page_and_two_of_one_id_have_two_places() -> None:
    papers = [labelled(paper("Same")), labelled(paper("Same", "Other words.")), labelled(paper("B", date="2025-03-01"))]
    html = page(*papers)
    assert html == page(*papers)
    keys = re.findall(r'<article id="([^"]*)"', html)
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        (("2025-03-01", "2025-03-01"), "2025-03-01"),
        (("2025-03-02", None, "2025-03-01"), "2025-03-01 to 2025-03-02"),
        (("--03-14",), "14 March"),
        (("--03-14", "2025-03-01"), ""),
        ((None,), ""),
    ],
)
def test_the_days_of_the_papers_stand_above_them(dates: tuple[str | None, ...], told: str) -> None:
    html = page(*(labelled(paper(f"P{number}", date=date)) for number, date in enumerate(dates)))
    assert (f'<p class="dates">{told}</p>' in html) == bool(told)
    assert (f'<p class="facts">{told}</p>' in html) is False  # which is told once


def test_a_paper_without_a_date_has_the_day_on_which_it_was_labelled_first() -> None:
    one, other = labelled(paper())._replace(since="2026-11-27"), labelled(paper("Two", date="2026-11-20"))
    assert '<p class="dates">seen 2026-11-27</p>' in page(one)
    assert '<p class="facts">seen 2026-11-27</p>' in page(one, other)
    assert '<p class="dates">seen 2026-11-26 to 2026-11-27</p>' in page(one, one._replace(since="2026-11-26"))


def test_an_abstract_that_is_long_for_its_script_can_be_folded() -> None:
    html = page(
        labelled(paper("机器人", "机器人抓取物体。" * 30)), labelled(paper("Robots", "They grip a thing. " * 20))
    )
    assert html.count(' class="abstract long"') == html.count('class="more"') == 1


def test_the_language_of_a_paper_is_told_where_it_is_another_one() -> None:
    html = page(
        labelled(paper("机器人抓取物体", "我们教机器人抓取物体。"), _LANG), labelled(paper("Robots of the hand"))
    )
    assert re.search(r'<article [^>]* lang="zh">\s*<h3 dir="auto">机器人', html)
    assert html.count(' lang="zh"') == 1


def test_no_paper_makes_a_page_that_says_so() -> None:
    assert "There is no paper in this digest." in page()
    assert 'id="controls"' not in page()


def own_template(workspace: Path, name: str, content: str) -> Path:
    folder = workspace / "mine"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content)
    (workspace / "labeler.toml").write_text('[page]\ntemplates = "mine"\n')
    return folder


@pytest.mark.slow
def test_a_template_of_the_users_takes_the_place_of_one_of_labeler(
    trained: Path, digest: Path, labeler: Labeler
) -> None:
    (trained / "one.jsonl").write_text('{"title": "Robots &amp; <b>arms</b>", "abstract": "robot <i>arm</i> & more"}\n')
    own_template(
        trained,
        "digest_paper.html",
        "{% macro paper(one, day) %}<li>{{ one.title }}|{{ one.authors }}</li>{% endmacro %}",
    )
    outcome = labeler("label", "one.jsonl", digest, "-o", "x.html")
    assert outcome.code == 0, outcome.err
    html = Path("x.html").read_text()
    assert html.count("|</li>") == 25
    with open_browser() as browser, show(browser, Path("x.html").resolve()) as shown:
        assert (shown.said, shown.page.is_visible("#controls"), shown.page.is_visible("#nothing")) == ([], False, False)
    assert "<b>arms" not in html
    assert "<title>25 papers by topic" in html


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("digest.html", "one\n{% for x in %}", r"digest\.html, line 2 is broken: "),
        ("digest.html", "{{ nothing_of_this }}", r"digest\.html, line 1 is broken: 'nothing_of_this' is undefined"),
        (
            "digest.html",
            '{% include "none.html" %}',
            r"digest\.html, line 1 is broken: there is no template 'none\.html';",
        ),
        ("digest.html", "{{ ''.__class__.__mro__ }}", r"digest\.html, line 1 is broken: .*unsafe;"),
        ("digest.html", "\n\n{{ 1 / 0 }}", r"digest\.html, line 3 is broken: division by zero"),
        ("digest_paper.html", "{% macro paper() %}x{% endmacro %}", r" do not fit digest\.html of labeler: .*paper"),
        ("digest.html", b"\xff\xfe", r"digest\.html is broken: .*utf-8"),
        ("digest.js", b"\xff\xfe", r"digest\.js is broken: .*utf-8"),
        ("digest.css", "{% if %}", r"digest\.css, line 1 is broken: "),
    ],
)
def test_a_broken_template_is_told_in_one_line_and_nothing_is_written(
    name: str, content: str | bytes, why: str, trained: Path, digest: Path, labeler: Labeler
) -> None:
    folder = own_template(trained, name, "")
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    outcome = labeler("label", digest, "-o", "x.html")
    assert outcome.code == 3, outcome.err
    assert outcome.err.count("\n") == 1
    assert re.search(f"mine/?{why}", outcome.err), outcome.err
    assert not Path("x.html").exists()


def test_a_folder_of_templates_that_is_missing_is_told(trained: Path, digest: Path, labeler: Labeler) -> None:
    (trained / "labeler.toml").write_text('[page]\ntemplates = "none"\n')
    outcome = labeler("label", digest, "--to", "html")
    assert (outcome.code, outcome.out) == (3, "")
    assert "there is no folder" in outcome.err
    assert labeler("label", digest, "--to", "jsonl").code == 0


def test_what_a_template_shows_is_escaped(trained: Path, digest: Path, labeler: Labeler) -> None:
    own_template(trained, "digest.html", "{{ heading }} {{ evil | default('<b>') }} {{ sections[0].papers[0].title }}")
    outcome = labeler("label", digest, "--to", "html")
    assert outcome.code == 0, outcome.err
    assert " &lt;b&gt; " in outcome.out
