"""A person at the labelling screen, in a real browser: what she does there is what comes into the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeler.studio.local import Credentials
from tests.conftest import Labeler
from tests.studio.annotating import project_of, tasks_of

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
SUBMIT, SKIP = 'button[aria-label="Submit current annotation"]', 'button[aria-label="skip-task"]'


@pytest.fixture
def page(server: Credentials) -> Iterator[Any]:
    """A browser's page, logged in."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=quiet)
        shown = browser.new_page(viewport={"width": 1280, "height": 800})
        shown.goto(f"{server.url}/user/login/")
        shown.fill("input[name=email]", server.email)
        shown.fill("input[name=password]", server.password)
        shown.click("button[type=submit]")
        shown.wait_for_url(f"{server.url}/**", wait_until="load")
        yield shown
        browser.close()


class Person:
    """Someone who labels one paper after the other."""

    def __init__(self, page: Any, studio: Any, project: int) -> None:
        self.page, self.studio, self.project = page, studio, project

    def paper(self) -> str:
        """The title of the paper on the screen."""
        self.page.wait_for_selector(".paper-title")
        return str(self.page.inner_text(".paper-title").strip())

    def clear(self) -> None:
        """Take back what the model suggests."""
        for box in self.page.query_selector_all(".paper-topics input:checked"):
            box.click()

    def done(self, button: str = SUBMIT) -> None:
        """Press a button and wait for the next paper."""
        before, count = self.paper(), self.count()
        self.page.click(button)
        for _ in range(120):
            if self.count() > count and self.page.query_selector(".paper-title") and self.paper() != before:
                return
            self.page.wait_for_timeout(250)
        raise AssertionError(f"{button} on {before!r} did nothing")

    def count(self) -> int:
        now = self.studio.projects.get(id=self.project)
        return int(now.total_annotations_number + now.skipped_annotations_number)

    def checked(self, name: str) -> bool:
        return bool(self.page.is_checked(f'input[name="{name}"]'))

    def press(self, key: str, name: str) -> None:
        """Press a key and see that it chose a topic."""
        self.page.keyboard.press(key)
        self.page.wait_for_selector(f'input[name="{name}"]:checked')


def clipped(page: Any) -> list[str]:
    """The parts of the card that do not fit into its width, or lie outside the window's."""
    script = """() => [...document.querySelectorAll('.paper-card *, .paper-topics *')].filter(part => {
        const box = part.getBoundingClientRect();
        const style = getComputedStyle(part);
        return box.width && (box.left < 0 || box.right > innerWidth + 1 ||
          (part.scrollWidth > part.clientWidth + 2 && style.overflowX === 'hidden' && style.display !== 'inline'));
      }).map(part => part.className + ': ' + part.textContent.slice(0, 40))"""
    return list(page.evaluate(script))


def test_what_a_person_does_is_what_is_pulled(
    page: Any, studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(labeler("push", digest, "--count", "12").err)
    person = Person(page, studio, number)
    page.goto(f"{server.url}/projects/{number}/data?labeling=1")
    wanted: dict[str, dict[str, Any]] = {}
    scores = {made.task: made.score for made in studio.predictions.list(project=number)}
    ordered = sorted(tasks_of(studio, number).values(), key=lambda task: scores[task.id])
    title = person.paper()
    page.screenshot(path=trained / "screen.png")
    assert clipped(page) == []
    task = next(task for task in tasks_of(studio, number).values() if task.data["title"] == title)
    card = page.inner_text(".paper-card")
    assert f"Why you see this: {task.data['reason']}" in card
    assert task.data["abstract"][:60] in card

    person.clear()
    person.press("1", "Language models")
    person.press("5", "Speech and audio")
    wanted[title] = {"yes": ["llm", "speech"]}
    person.done()

    title = person.paper()
    person.clear()
    page.click('input[name="Robotics and control"]')
    wanted[title] = {"yes": ["robotics"]}
    person.done()

    title = person.paper()
    person.clear()
    person.press("0", "None of these")
    wanted[title] = {"yes": []}
    person.done()

    title = person.paper()
    person.clear()
    page.keyboard.press("Shift+F")
    page.keyboard.type("vis")
    page.screenshot(path=trained / "filter.png")
    page.click('input[name="Visual understanding"]')
    page.fill('textarea[placeholder^="Comment"]', "a picture of 1 bird, really")
    wanted[title] = {"yes": ["vision"], "comment": "a picture of 1 bird, really"}
    person.done()

    title = person.paper()
    person.clear()
    person.press("2", "Agents and tools")
    person.press("u", "unsure")
    page.screenshot(path=trained / "unsure.png")
    wanted[title] = {"yes": ["agents"], "unsure": True}
    person.done()

    title = person.paper()
    wanted[title] = {"yes": [], "status": "skipped"}
    person.done(SKIP)

    assert list(wanted) == [task.data["title"] for task in ordered[:6]], "the most useful come first"
    pulled = json.loads(labeler("pull", "--json").out)
    assert (pulled["added"], pulled["skipped"], pulled["unsure"], pulled["empty"]) == (6, 1, 1, 1)
    log = [json.loads(line) for line in (trained / "annotations/judgements.jsonl").read_text().splitlines()[-6:]]
    usual = {"status": "judged", "unsure": False, "comment": "", "annotator": server.email}
    assert {line["title"]: {key: line[key] for key in ("yes", *usual)} for line in log} == {
        title: usual | said for title, said in wanted.items()
    }
    assert all(line["lead_time"] > 0 for line in log)
    assert all(line["prefill"] in ("changed", "none") for line in log if line["yes"])
