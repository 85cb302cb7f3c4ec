from __future__ import annotations

from html.parser import HTMLParser

import pytest

from labeler.papers import Paper
from labeler.studio.tasks import prediction, review_task, task


class Links(HTMLParser):
    """The tags of a piece of HTML with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def meta(**fields: object) -> Links:
    paper = Paper.make("T", "Words.", ids=["arxiv:2503.11731"], **fields)
    return Links(task(paper, ["llm"], "because")["data"]["meta_html"])


def test_a_task_holds_the_paper_its_ids_what_was_offered_and_why() -> None:
    paper = Paper.make("Owls & trains", "Words.", ids=["arxiv:2503.11731"], authors=("Ada", "Bo"), date="2026-03-01")
    made = task(paper, ["llm", "vision"], "new paper")
    data = made["data"]
    assert made["predictions"] == []
    assert (data["paper_id"], data["ids"].split()) == ("arxiv:2503.11731", list(paper.ids))
    assert (data["title"], data["abstract"], data["reason"]) == ("Owls & trains", "Words.", "new paper")
    assert data["alike"] == ""
    assert task(paper, ["llm"], "new paper", alike="Judged: …")["data"]["alike"] == "Judged: …"
    assert (data["authors"], data["date"], data["url"], data["offered"]) == ("Ada, Bo", "2026-03-01", "", "llm vision")


def test_no_field_is_null_which_label_studio_refuses() -> None:
    data = task(Paper.make("", "Only words."), ["llm"], "new")["data"]
    assert all(isinstance(value, str) for value in data.values())
    assert (data["title"], data["meta_html"]) == ("(no title)", "&nbsp;")


def test_what_comes_from_a_digest_cannot_bring_tags_into_the_page() -> None:
    evil = "<script>alert(1)</script>\"' & co"
    links = meta(authors=(evil,), date=evil, categories=(evil,), url=f"https://example.org/?a=1&b='\"><b>{evil}")
    assert [tag for tag, _ in links.tags] == ["a"]
    assert links.words.count(evil) == 3
    assert links.tags[0][1]["href"] == f"https://example.org/?a=1&b='\"><b>{evil}"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", None])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert meta(url=url, authors=("Ada",)).tags == []


def test_a_link_shows_the_papers_id() -> None:
    links = meta(url="https://arxiv.org/abs/2503.11731", date="2026-03-01")
    assert links.words == "2026-03-01 · arxiv:2503.11731"


@pytest.mark.parametrize(("count", "ending"), [(8, "Author 7"), (9, "Author 7 et al.")])
def test_of_many_authors_eight_are_shown(count: int, ending: str) -> None:
    assert meta(authors=tuple(f"Author {n}" for n in range(count))).words.endswith(ending)


@pytest.mark.parametrize(("topics", "chosen"), [(["llm", "vision"], ["llm", "vision"]), ([], ["None of these"])])
def test_a_suggestion_holds_the_topics_or_none_of_these(topics: list[str], chosen: list[str]) -> None:
    made = prediction(topics, 0.12345678, "mine@3")
    assert made == {
        "model_version": "mine@3",
        "score": 0.123457,
        "result": [{"from_name": "topics", "to_name": "abstract", "type": "choices", "value": {"choices": chosen}}],
    }


def test_how_a_paper_was_chosen_stands_beside_its_data() -> None:
    paper, told = Paper.make("T", "Words."), {"strategy": "mix", "batch": "b", "audit": False}
    assert task(paper, ["llm"], "because", asked=told)["meta"] == {"asked": told}
    assert "meta" not in task(paper, ["llm"], "because")


def test_a_task_of_a_review_has_what_was_said_and_for_whom_it_is() -> None:
    made = review_task(Paper.make("Robots", "They walk."), ["llm"], "tied", "", "eve", {"review": "ties"})
    assert (made["data"]["said_html"], made["data"]["to"]) == ("&nbsp;", "eve"), "the server takes no empty HTML"
    assert (made["meta"], made["predictions"]) == ({"asked": {"review": "ties"}}, [])
