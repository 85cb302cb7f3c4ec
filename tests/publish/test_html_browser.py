"""The page in HTML in a real browser: it reads, is found in by keyboard, and nothing that papers hold runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeler.publish.labelled import LabelledPaper
from tests.pages.browser import Shown, open_browser, show
from tests.publish.factories import NAMES, Topics, labelled, paper, written
from tests.publish.test_html import EVIL, hostile

LONG = "We sort papers by image and word, and read the words of all of them once more. " * 12
LANG: Topics = (("lang", 0.8, ("word",)),)
VISION: Topics = (("vision", 0.95, ("image",)), ("lang", 0.6, ("word",)))
PAPERS = [
    labelled(paper("Birds in images", LONG, url="https://example.org/birds", authors=("Ána Ruiz",)), VISION),
    labelled(paper("Words of birds $x^2$", LONG, ids=("arxiv:2503.11731",)), LANG),
    labelled(paper("Known by Ann", "Short."), LANG, "judged")._replace(by={"lang": ("ann",)}),
    labelled(paper("A doubtful word", LONG), LANG, "review", "ambiguous")._replace(
        torn=("lang", None), task="https://labels.example.org/task/1"
    ),
    labelled(paper("机器人抓取物体", "我们教机器人抓取物体。"), (), "none"),
]  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def digest_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _file(tmp_path_factory.mktemp("html") / "digest.html", PAPERS, NAMES)


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _file(tmp_path_factory.mktemp("html") / "hostile.html", [hostile(), *PAPERS], {**NAMES, EVIL: EVIL})


def _file(path: Path, papers: list[LabelledPaper], names: dict[str, str]) -> Path:
    path.write_text(written("html", papers, names), encoding="utf-8")
    return path


def wait_for(shown: Shown, address: str) -> None:
    shown.page.wait_for_function("hash => location.hash === hash", arg=address)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_whatever_papers_hold_nothing_runs_and_axe_finds_nothing(
    browser: Any, hostile_page: Path, width: int, scheme: str
) -> None:
    with show(browser, hostile_page, width, color_scheme=scheme) as shown:
        assert len(shown.visible()) == 6
        assert shown.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        shown.page.fill("#search", EVIL)
        assert len(shown.visible()) == 1
        shown.page.fill("#search", "")
        shown.page.select_option("#topic", label=EVIL)
        assert len(shown.visible()) == 1
        shown.page.select_option("#topic", "")
        shown.page.click("#keys-open")
        shown.page.click("#keys-close")
        assert shown.asked == [hostile_page.as_uri()]
        assert shown.said == []
        assert shown.violations() == []


@pytest.mark.parametrize("width", [320, 1280])
def test_words_without_end_stay_on_the_page(browser: Any, tmp_path: Path, width: int) -> None:
    endless, topics = "Endless" * 50, (("lang", 0.9, ("w" * 200,)), ("vision", 0.5, ()))
    papers = [
        labelled(paper(endless, endless, authors=(endless,), venue=endless), topics),
        labelled(paper("Known"), topics, "judged")._replace(by={"lang": (endless,)}),
        labelled(paper("Doubt", f"$\\foo{{{endless}}}$"), topics, "review", "ambiguous")._replace(torn=("lang",)),
    ]
    out = _file(tmp_path / "long.html", papers, {"lang": endless, "vision": "Vision"})
    with show(browser, out, width) as shown:
        shown.page.evaluate("document.querySelector('.contents').open = true")
        script = """[...document.querySelectorAll('header *, section *')].filter(one => {
          const room = one.closest('header, article, section');
          return one.getBoundingClientRect().right > room.getBoundingClientRect().right + 1;
        }).map(one => one.outerHTML.slice(0, 80))"""
        assert shown.page.evaluate(script) == []
        assert shown.page.inner_text("#topic-1 h2") == "Vision 2"


def test_the_policy_stops_what_would_run(browser: Any, digest_page: Path) -> None:
    with show(browser, digest_page) as shown:
        shown.page.evaluate(
            """const image = `<img src="https://example.org/x" onerror="window.ran = 1">`;
            document.body.insertAdjacentHTML('beforeend', image);
            const script = document.createElement('script');
            script.textContent = 'window.ran = 1';
            document.body.append(script);"""
        )
        shown.page.wait_for_function("document.images[0].complete")
        assert shown.page.evaluate("window.ran") is None
        told = " ".join(shown.said)
        assert "image 'https://example.org/x' violates the following Content Security Policy" in told
        assert "inline script violates the following Content Security Policy" in told
        assert "inline event handler violates the following Content Security Policy" in told


def test_help_and_filters_are_without_violations(browser: Any, digest_page: Path) -> None:
    with show(browser, digest_page) as shown:
        shown.page.keyboard.press("?")
        assert shown.page.evaluate("document.getElementById('keys').open")
        assert shown.violations() == []
        shown.page.keyboard.press("Escape")
        shown.page.fill("#search", "of which nothing is found")
        assert shown.visible() == []
        assert shown.page.is_visible("#nothing")
        assert shown.violations() == []


def test_a_paper_is_found_and_opened_by_the_keyboard_alone(browser: Any, digest_page: Path) -> None:
    with show(browser, digest_page) as shown:
        press = shown.page.keyboard.press
        press("/")
        shown.page.keyboard.type("ana birds")
        assert shown.visible() == ["Birds in images"]
        assert shown.page.inner_text("#status") == "1 of 5 papers"
        press("ArrowDown")
        assert shown.focused() == "Birds in images"
        press("o")
        assert shown.page.get_attribute("article:not([hidden]) .more", "aria-expanded") == "true"
        wait_for(shown, "#?q=ana+birds")
        press("/")
        press("Escape")
        assert len(shown.visible()) == 5
        press("Tab")
        shown.page.evaluate("document.activeElement.blur()")
        press("j")
        first = shown.focused()
        press("j")
        press("ArrowDown")
        press("ArrowUp")
        press("k")
        assert shown.focused() == first == shown.visible()[0]
        shown.page.route("https://example.org/**", lambda route: route.fulfill(body="the paper"))
        shown.page.locator("h3 a", has_text="Birds in").focus()
        press("Enter")
        shown.page.wait_for_url("https://example.org/birds")


def test_keys_can_be_turned_off(browser: Any, digest_page: Path) -> None:
    with show(browser, f"{digest_page.as_uri()}#?keys=off") as shown:
        shown.page.keyboard.press("j")
        assert shown.page.evaluate("document.activeElement === document.body")


def test_topic_decision_and_order_filter_and_the_address_keeps_them(browser: Any, digest_page: Path) -> None:
    with show(browser, digest_page) as shown:
        assert shown.visible() == [
            "Words of birds x2", "Known by Ann", "Birds in images", "A doubtful word", "机器人抓取物体",
        ]  # fmt: skip
        assert shown.page.locator(".also li").count() == 1
        assert shown.page.inner_text("#topic-0 h2") == "Language 3"
        shown.page.select_option("#topic", label="Language")
        assert shown.visible() == ["Words of birds x2", "Known by Ann", "Birds in images", "A doubtful word"]
        assert not shown.page.is_visible(".also")
        assert shown.page.inner_text("#topic-0 h2") == "Language 3"
        assert shown.page.inner_text("#review h2") == "To review 1"
        shown.page.select_option("#view", "list")
        shown.page.select_option("#topic", "")
        assert shown.visible()[0] == "Birds in images"
        shown.page.select_option("#decision", "review")
        assert shown.visible() == ["A doubtful word"]
        assert shown.page.inner_text("main section:not([hidden]) h2") == "All papers 1 of 5"
        wait_for(shown, "#?decision=review&view=list")
        shown.page.reload()
        assert shown.visible() == ["A doubtful word"]
        shown.page.click("#clear")
        shown.page.select_option("#view", "")
        assert shown.page.inner_text("#status") == "5 papers"
        assert shown.visible()[0] == "Words of birds x2"
        shown.page.click(".also a")
        assert shown.page.evaluate("document.querySelector('article:target h3').textContent") == "Birds in images"
        assert len(shown.visible()) == 5


def test_a_link_leads_also_to_what_the_filters_hide(browser: Any, digest_page: Path) -> None:
    with show(browser, digest_page) as shown:
        shown.page.fill("#search", "doubtful")
        shown.page.select_option("#view", "list")
        assert shown.visible() == ["A doubtful word"]
        shown.page.click("nav a:text-is('Language')")
        assert len(shown.visible()) == 5
        assert shown.page.input_value("#search") == ""


def test_an_address_of_others_is_no_trouble(browser: Any, digest_page: Path) -> None:
    wild = "#?topic=99&decision=%3Cb%3E&view=x&q=%3Cimg%20src=x%20onerror=alert(1)%3E&__proto__=1"
    with show(browser, digest_page.as_uri() + wild) as shown:
        assert shown.visible() == []
        assert shown.page.input_value("#topic") == ""
        assert shown.said == []
    with show(browser, f"{digest_page.as_uri()}#%E0%A4%A") as shown:
        assert (len(shown.visible()), shown.said) == (5, [])
    with show(browser, f"{digest_page.as_uri()}#arxiv:2503.11731") as shown:
        assert len(shown.visible()) == 5
        assert shown.page.evaluate("document.querySelector('article:target') !== null")


def test_without_scripts_all_is_there_to_read(browser: Any, digest_page: Path) -> None:
    with show(browser, digest_page, java_script_enabled=False) as shown:
        assert shown.page.locator("article").count() == 5
        assert not shown.page.is_visible("#controls")
        assert not shown.page.is_visible(".more >> nth=0")
        assert shown.page.is_visible(".also")
        text = shown.page.inner_text("main")
        assert text.count("once more.") == 3 * 12


def test_on_paper_all_abstracts_are_whole_and_there_is_nothing_to_press(browser: Any, digest_page: Path) -> None:
    with show(browser, digest_page, 718) as shown:
        clipped = (
            "[...document.querySelectorAll('.long')].filter(one => one.scrollHeight > one.clientHeight + 1).length"
        )
        assert shown.page.evaluate(clipped) == 3
        shown.page.emulate_media(media="print")
        assert shown.page.evaluate(clipped) == 0
        assert not shown.page.is_visible("#controls")
        assert not shown.page.is_visible(".more >> nth=0")
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= 718


def test_a_whole_abstract_is_opened_one_by_one_or_all_at_once(browser: Any, digest_page: Path) -> None:
    with show(browser, digest_page) as shown:
        height = "document.querySelector('.long').getBoundingClientRect().height"
        short = shown.page.evaluate(height)
        shown.page.click(".more >> nth=0")
        assert shown.page.evaluate(height) > 2 * short
        shown.page.click(".more >> nth=0")
        assert shown.page.evaluate(height) == short
        shown.page.check("#whole")
        assert shown.page.evaluate(height) > 2 * short
        wait_for(shown, "#?whole=1")
