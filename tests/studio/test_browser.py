"""A person at the labelling screen, in a real browser: what she does there is what comes into the log."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeler.judgements import Judgement, labels_of
from labeler.modelstore import ModelStore
from labeler.score.persistence import load_model
from labeler.studio.interface import names_in
from labeler.studio.local import Credentials
from labeler.topics import load_scheme
from tests.cli.process import start_process, wait_until
from tests.conftest import Labeler
from tests.studio.annotating import choices, colleague, comment, project_of, tasks_of

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


def out_of_sight(page: Any) -> list[str]:
    """The boxes to tick and to write in that are not wholly in the window, or lie under something else."""
    script = """() => [...document.querySelectorAll('.paper-topics input[type=checkbox], .paper-topics textarea')]
      .filter(part => {
        const shown = part.tagName === 'TEXTAREA' ? part : part.closest('label');
        const box = shown.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        const there = document.elementFromPoint(x, y);
        const whole = box.height > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 &&
          box.right <= innerWidth;
        return !(whole && there && (shown.contains(there) || there.contains(shown)));
      }).map(part => `${part.name}: ${JSON.stringify(part.getBoundingClientRect())}`)"""
    return list(page.evaluate(script))


def test_all_there_is_to_choose_is_in_sight_beside_a_long_abstract(
    page: Any, studio: Any, server: Credentials, trained: Path, tmp_path: Path, labeler: Labeler
) -> None:
    words = "we train small networks on the songs of forty birds and find that their calls differ by valley".split()
    abstract = " ".join(f"{word}{place // len(words) or ''}" for place, word in enumerate((words * 12)[:200]))
    paper = {
        "id": "arxiv:2511.00001", "title": "Songs of forty birds in nine valleys, told apart by small networks",
        "abstract": abstract, "authors": [f"Author Number {number}" for number in range(12)],
    }  # fmt: skip
    (tmp_path / "d.jsonl").write_text(json.dumps(paper) + "\n")
    number = project_of(labeler("push", tmp_path / "d.jsonl").err)
    page.goto(f"{server.url}/projects/{number}/data?labeling=1")
    page.wait_for_selector('.paper-topics textarea[placeholder^="Comment"]')
    page.wait_for_selector(f'.paper-abstract :text("{abstract[-30:]}")')
    page.screenshot(path=trained / "long.png")
    names = [box.get_attribute("name") for box in page.query_selector_all(".paper-topics input[type=checkbox]")]
    offered = list(names_in(studio.projects.get(id=number).label_config).values())
    assert names == [*offered, "None of these", "unsure"]
    assert (len(offered), len(abstract.split())) == (8, 200)
    assert page.evaluate("[innerWidth, innerHeight]") == [1280, 800]
    assert out_of_sight(page) == []
    assert clipped(page) == []
    page.fill('textarea[placeholder^="Comment"]', "in sight")
    assert out_of_sight(page) == []


def test_the_table_shows_what_people_read(
    page: Any, studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(labeler("push", digest, "--count", "5").err)
    page.goto(f"{server.url}/projects/{number}/data")
    page.wait_for_selector('text="Most useful first"')
    page.wait_for_selector('text="reason"')
    page.screenshot(path=trained / "table.png")
    shown = page.inner_text("body").casefold().split("\n")
    assert {"title", "reason"} <= set(shown)
    assert not {"paper_id", "ids", "meta_html", "offered", "url", "abstract", "authors", "inner id"} & set(shown)


def test_judged_papers_like_it_stand_below_a_paper_in_a_project_of_an_earlier_version_too(
    page: Any, studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(labeler("push", digest, "--count", "3").err)
    config = studio.projects.get(id=number).label_config
    older = re.sub(r'<View className="paper-alike">.*?</View>', "", config)
    assert older != config
    before = tasks_of(studio, number).values()
    for task in before:
        studio.tasks.update(id=task.id, data={key: value for key, value in task.data.items() if key != "alike"})
    studio.projects.update(id=number, label_config=older)
    assert labeler("push", digest, "--count", "6").code == 0
    assert "paper-alike" in studio.projects.get(id=number).label_config
    old = {task.id for task in before}
    shown = {}
    for task in tasks_of(studio, number).values():
        page.goto(f"{server.url}/projects/{number}/data?task={task.id}")
        page.wait_for_selector(f'.paper-title :text("{task.data["title"][:30]}")')
        shown[task.id] = page.inner_text(".paper-alike").strip()
        assert shown[task.id] == task.data.get("alike", "").strip()
        if shown[task.id]:
            page.screenshot(path=trained / "alike.png")
            assert clipped(page) == []
            assert len(shown[task.id].splitlines()) > 1
        assert bool(shown[task.id]) == (task.id not in old and not task.meta["asked"]["audit"])
    assert any(shown.values())


def annotate(person: Person, screenshots: Path) -> dict[str, dict[str, Any]]:
    """Label six papers in different ways; what the log should hold of each, by its title."""
    page, expected = person.page, dict[str, dict[str, Any]]()

    def paper(**fields: Any) -> None:
        """The next paper, without what the model suggests."""
        expected[person.paper()] = fields
        person.clear()

    paper(yes=["llm", "speech"])
    person.press("1", "Language models")
    person.press("5", "Speech and audio")
    person.done()

    paper(yes=["robotics"])
    page.click('input[name="Robotics and control"]')
    person.done()

    paper(yes=[])
    person.press("0", "None of these")
    person.done()

    paper(yes=["vision"], comment="a picture of 1 bird, really")
    page.keyboard.press("Shift+F")
    page.keyboard.type("vis")
    page.screenshot(path=screenshots / "filter.png")
    page.click('input[name="Visual understanding"]')
    page.fill('textarea[placeholder^="Comment"]', "a picture of 1 bird, really")
    person.done()

    paper(yes=["agents"], unsure=True)
    person.press("2", "Agents and tools")
    person.press("u", "unsure")
    page.screenshot(path=screenshots / "unsure.png")
    person.done()

    expected[person.paper()] = {"yes": [], "status": "skipped"}
    person.done(SKIP)
    return expected


def test_what_a_person_does_is_what_is_pulled(
    page: Any, studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(labeler("push", digest, "--count", "12").err)
    person = Person(page, studio, number)
    page.goto(f"{server.url}/projects/{number}/data?labeling=1")
    scores = {prediction.task: prediction.score for prediction in studio.predictions.list(project=number)}
    ordered = sorted(tasks_of(studio, number).values(), key=lambda task: scores[task.id])
    title = person.paper()
    page.screenshot(path=trained / "screen.png")
    assert clipped(page) == []
    task = next(task for task in ordered if task.data["title"] == title)
    card = page.inner_text(".paper-card")
    assert f"Why you see this: {task.data['reason']}" in card
    assert task.data["abstract"][:60] in card

    expected = annotate(person, trained)
    assert list(expected) == [task.data["title"] for task in ordered[:6]], "the most useful come first"
    pulled = json.loads(labeler("pull", "--json").out)
    assert (pulled["added"], pulled["skipped"], pulled["unsure"], pulled["empty"]) == (6, 1, 1, 1)
    log = [json.loads(line) for line in (trained / "annotations/judgements.jsonl").read_text().splitlines()[-6:]]
    usual = {"status": "judged", "unsure": False, "comment": "", "annotator": server.email}
    assert {line["title"]: {key: line[key] for key in ("yes", *usual)} for line in log} == {
        title: usual | fields for title, fields in expected.items()
    }
    assert all(line["lead_time"] > 0 for line in log)
    assert all(line["prefill"] in ("changed", "none") for line in log if line["yes"])


def disagree(server: Credentials, studio: Any, project: int) -> set[str]:
    """Three people judge four papers by two of them each, and differ on two: the papers of these ties."""
    ada, ben, cleo = (colleague(server, name) for name in ("ada", "ben", "cleo"))
    one, two, three, four = tasks_of(studio, project).values()
    ada.annotations.create(id=one.id, result=[choices("llm"), comment("it is about text")])
    ben.annotations.create(id=one.id, result=[choices("vision")])
    ben.annotations.create(id=two.id, result=[choices("speech")])
    cleo.annotations.create(id=two.id, result=[choices("robotics")])
    ada.annotations.create(id=three.id, result=[choices("llm")])
    cleo.annotations.create(id=three.id, result=[choices("llm")])
    cleo.annotations.create(id=four.id, result=[choices("science")])
    return {one.data["title"], two.data["title"]}


def test_three_people_differ_and_a_fourth_settles_it_by_keyboard(
    page: Any, studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler
) -> None:
    tied = disagree(server, studio, project_of(labeler("push", digest, "--count", "4", "--overlap", "2").err))
    assert json.loads(labeler("pull", "--json").out)["added"] == 7
    before = json.loads(labeler("status", "--json").out)
    ours = [tie for tie in before["tied"] if tie["title"] in tied]
    assert {tie["title"] for tie in ours} == tied

    review = ("push", "--review", "ties", "--blind", "--to", server.email, "--count", "2")
    killed = start_process(*review, cwd=trained)
    wait_until((trained / ".labeler/review.unfinished").exists, killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    sent = json.loads(labeler(*review, "--json").out)
    number = project_of(sent["project"])
    assert {task.data["title"] for task in tasks_of(studio, number).values()} == tied, "most tied topics come first"

    person, verdicts = Person(page, studio, number), dict[str, str]()
    tab = next(tab.id for tab in studio.views.list(project=number) if tab.data["title"] == f"For {server.email}")
    page.goto(f"{server.url}/projects/{number}/data?tab={tab}")
    page.wait_for_selector('text="reason"')
    page.screenshot(path=trained / "review-table.png")
    page.goto(f"{server.url}/projects/{number}/data?tab={tab}&labeling=1")
    for key, name in [("1", "Language models"), ("3", "Visual understanding")]:
        title = person.paper()
        verdicts[title] = name
        said = page.inner_text(".paper-said")
        assert "A:" in said
        assert "mine@1" in said
        assert not any(who in page.inner_text(".paper-card") for who in ("ada-", "ben-", "cleo-"))
        assert not page.query_selector_all(".paper-topics input:checked")
        person.press(key, name)
        page.screenshot(path=trained / f"review-{len(verdicts)}.png")
        assert clipped(page) == []
        assert out_of_sight(page) == []
        page.keyboard.press("Control+Enter")
        wait_until_settled(person, title, len(verdicts))
    assert verdicts.keys() == tied

    assert json.loads(labeler("pull", "--json").out)["added"] == 2
    lines = [json.loads(line) for line in (trained / "annotations/judgements.jsonl").read_text().splitlines()]
    of_verdicts = [line for line in lines if line.get("role") == "adjudicator"]
    names = {"llm": "Language models", "vision": "Visual understanding"}
    assert {line["title"]: names["".join(line["yes"])] for line in of_verdicts} == verdicts
    after = json.loads(labeler("status", "--json").out)
    assert (after["review"]["waiting"], after["review"]["verdicts"]) == (0, 2)
    assert before["ties"] - after["ties"] == 4, "two topics of each of the papers"
    assert labeler("train").code == 0
    labels = labels_of(map(Judgement.from_dict, lines), load_scheme(trained / "annotations/topics.toml"))
    assert {
        item.paper.title: names["".join(item.yes)] for item in labels.papers if item.paper.title in tied
    } == verdicts
    model = load_model(ModelStore(trained / "models").find().folder)
    assert all(model.has_learned_from(line["ids"]) for line in of_verdicts)
    assert json.loads(labeler("status", "--json").out)["behind"] == 0 < after["behind"]


def wait_until_settled(person: Person, title: str, count: int) -> None:
    """Wait until as many of the two papers are settled, and the other one, if it waits, is on the screen."""
    for _ in range(120):
        shown = person.page.query_selector(".paper-title")
        if person.count() == count and (count == 2 or (shown and shown.inner_text().strip() != title)):
            return
        person.page.wait_for_timeout(250)
    raise AssertionError(f"{title!r} was not settled")
