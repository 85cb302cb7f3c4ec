"""The report on a model: one page with everything in it."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from labeler.config import find_workspace
from labeler.flows.kept_curve import keep_curve
from labeler.flows.training_input import judgements_digest
from labeler.judgements import read_log
from labeler.judgements.forgotten import NOTHING_FORGOTTEN
from labeler.pages import plots
from tests.conftest import Labeler, run_labeler
from tests.learn.factories import single_papers
from tests.pages.browser import open_browser, show
from tests.studio.test_browser import CHROMIUM

EVIL = '<script>alert(1)</script> robot & "gripper" https://example.org/x'
SCHEME = "".join(
    f'[[topic]]\nid = "{one}"\nname = "{name}"\n'
    for one, name in (("robots", "Robots <b>&</b> arms"), ("speech", "Speech"), ("vision", "Vision"))
).replace('"vision"', '"vision"\nparent = "robots"')
SOFT = "title,abstract,topic,probability\nA robot,It walks.,robots,0.9\n"


class Tags(HTMLParser):
    """The tags of a page with their attributes, and those that are open at the end."""

    VOID = ("meta", "br", "path", "use")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


CURVE = {
    "measured": [{"papers": 10, "value": 0.4}, {"papers": 30, "value": 0.6}],
    "projected": [
        {"papers": 42, "value": 0.7, "low": 0.65, "high": 0.75}, {"papers": 84, "value": 0.8, "low": 0.7, "high": 0.9},
    ],
    "sentences": ["Going on may be worth it."],
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a model and a paper that is wild, made once: only read it."""
    folder = tmp_path_factory.mktemp("report") / "workspace"
    run_labeler("--quiet", "init", folder)
    (folder / "annotations" / "topics.toml").write_text(f'mode = "single"\n{SCHEME}')
    texts, topics = single_papers(12, none=6)
    rows = [
        {"title": text.split("\n")[0], "abstract": text.split("\n")[1], "topic": topic or "none"}
        for text, topic in zip(texts, topics, strict=True)
    ]
    rows += [{"title": EVIL, "abstract": "robot gripper walking", "topic": "speech"}]
    (folder / "judged.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    again = [row | {"topic": "vision" if number < 2 else row["topic"]} for number, row in enumerate(rows[:-1])]
    (folder / "again.jsonl").write_text("".join(json.dumps(row) + "\n" for row in again))
    (folder / "soft.csv").write_text(SOFT)
    options = ("--topics-column", "topic", "--complete")
    judged = ("import", folder / "judged.jsonl", *options)
    judged_again = ("import", folder / "again.jsonl", *options, "--annotator", "<i>bo</i>")
    for command in (judged, judged_again, ("import", "--soft", folder / "soft.csv", "--from", "<b>m</b>"), ("train",)):
        outcome = run_labeler("--workspace", folder, *command)
        assert outcome.code == 0, outcome.err
    space = find_workspace(str(folder))
    assert keep_curve(space, CURVE, judgements_digest(read_log(space).judgements, {}), NOTHING_FORGOTTEN) == []
    return folder


@pytest.fixture(scope="module")
def report_once(workspace_once: Path) -> Path:
    file = workspace_once / "report.html"
    outcome = run_labeler("--workspace", workspace_once, "evaluate", "--report", file)
    assert outcome.code == 0, outcome.err
    assert f"Wrote {file}" in outcome.err
    return file


@pytest.mark.slow
def test_the_page_is_whole_says_its_language_and_asks_for_nothing(report_once: Path) -> None:
    page = Tags()
    text = report_once.read_text(encoding="utf-8")
    page.feed(text)
    assert page.open == []
    assert ("html", {"lang": "en"}) in page.found
    tags = [tag for tag, _ in page.found]
    assert not set(tags) & {"script", "link", "img", "iframe", "base", "form", "object", "embed"}
    for tag, attributes in page.found:
        assert not any("//" in (value or "") for value in attributes.values()), (tag, attributes)
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    assert tags.count("h1") == 1
    assert tags.count("table") == tags.count("caption")


@pytest.mark.slow
def test_what_papers_and_topics_are_called_is_text(report_once: Path) -> None:
    text = report_once.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "Robots &lt;b&gt;&amp;&lt;/b&gt; arms" in text


@pytest.mark.slow
def test_it_tells_of_soft_labels_and_hierarchical_figures(report_once: Path) -> None:
    page = report_once.read_text()
    assert "Learned from soft labels of &lt;b&gt;m&lt;/b&gt; (1 paper), too." in page
    for name in ("precision", "recall", "F1"):
        assert f'<th scope="row">hierarchical {name}</th>' in page
    assert "(Kiritchenko et al. 2006)" in page


@pytest.mark.slow
def test_it_tells_how_far_people_agree(report_once: Path) -> None:
    page = report_once.read_text()
    assert "How far people agree" in page
    assert "&lt;i&gt;bo&lt;/i&gt;, table" in page
    assert "Of 2 disagreements 2 are" in page
    assert "Topics that people take for each other" in page


@pytest.mark.slow
def test_it_shows_the_learning_curve_that_was_kept(report_once: Path) -> None:
    text = report_once.read_text(encoding="utf-8")
    assert "<h2>What more labels would bring</h2>" in text
    assert "Going on may be worth it." in text
    assert 'aria-label="Learning curve. 42 judged papers, 0.70; 84 judged papers, 0.80."' in text


@pytest.mark.slow
def test_of_one_person_it_tells_no_agreement(labeler: Labeler, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    labeler("--quiet", "init", folder)
    (folder / "annotations" / "topics.toml").write_text(f'mode = "single"\n{SCHEME}')
    texts, topics = single_papers(12)
    rows = [{"title": text, "abstract": "", "topic": topic} for text, topic in zip(texts, topics, strict=True)]
    (folder / "judged.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    labeler("--workspace", folder, "import", folder / "judged.jsonl", "--topics-column", "topic", "--complete")
    assert labeler("--workspace", folder, "train").code == 0
    assert labeler("--workspace", folder, "evaluate", "--report", folder / "report.html").code == 0
    assert "How far people agree" not in (folder / "report.html").read_text()


@pytest.mark.slow
def test_the_verdict_the_errors_and_the_next_steps_are_on_it(report_once: Path) -> None:
    text = report_once.read_text(encoding="utf-8")
    for part in (
        "How good is mine@1?",
        "What to do next",
        "Given wrongly",
        "<mark>",
        "Brier score",
        "names alone",
        "most like",
    ):
        assert part in text


@pytest.mark.slow
def test_without_what_draws_there_is_a_page_with_tables_and_a_note(
    workspace_once: Path, labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert not plots.has_plots()
    outcome = labeler("--workspace", workspace_once, "evaluate", "--report", tmp_path / "plain.html")
    assert outcome.code == 0
    assert "pip install 'labeler[report]'" in outcome.err
    assert "<svg" not in (tmp_path / "plain.html").read_text()


def test_another_ending_is_wrong_usage_and_nothing_is_written(
    workspace_once: Path, labeler: Labeler, tmp_path: Path
) -> None:
    outcome = labeler("--workspace", workspace_once, "evaluate", "--report", tmp_path / "report.pdf")
    assert outcome.code == 2
    assert ".html" in outcome.err
    assert not (tmp_path / "report.pdf").exists()


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_it_fits_and_asks_for_nothing(report_once: Path, width: int, scheme: str) -> None:
    playwright: Any = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(report_once.as_uri())
        assert asked == [report_once.as_uri()]
        assert said == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        background, ink = page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
        )
        dark = sum(map(int, re.findall(r"\d+", background)[:3])) < sum(map(int, re.findall(r"\d+", ink)[:3]))
        assert dark == (scheme == "dark")
        page.set_viewport_size({"width": 718, "height": 1000})  # a sheet of A4 with its margins
        page.emulate_media(media="print")
        widest = "Math.max(...[...document.querySelectorAll('table')].map(one => one.getBoundingClientRect().right))"
        assert page.evaluate(widest) <= 718
        browser.close()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light")])
def test_axe_finds_nothing_on_it(report_once: Path, width: int, scheme: str) -> None:
    with open_browser() as browser, show(browser, report_once, width, color_scheme=scheme) as shown:
        shown.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert shown.violations() == []


@pytest.mark.slow
def test_a_place_that_cannot_be_written_is_told(workspace_once: Path, labeler: Labeler, tmp_path: Path) -> None:
    shutil.copytree(workspace_once, tmp_path / "w")
    outcome = labeler("--workspace", tmp_path / "w", "evaluate", "--report", tmp_path / "no" / "such" / "report.html")
    assert outcome.code == 3
    assert outcome.err.count("\n") == 1


@pytest.mark.slow
def test_the_judged_papers_most_like_an_error_stand_beside_it_as_text(report_once: Path) -> None:
    text = report_once.read_text(encoding="utf-8")
    listed = re.findall(r'<ul class="alike">(.*?)</ul>', text, re.DOTALL)
    assert len(listed) == text.count('<article class="paper">') > 0
    for some in listed:
        assert some.count("<li>") == 3
        assert re.search(r'<span class="range">0\.\d\d</span>.* – <strong>.+</strong>', some)
    assert "Robots &lt;b&gt;&amp;&lt;/b&gt; arms</strong>" in "".join(listed)
