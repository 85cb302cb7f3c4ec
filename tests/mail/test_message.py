"""The message to one subscriber: its headers, whatever people are called, and which papers it has."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from math import nan
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.mail.addresses import address_of
from labeler.mail.message import digest_name, list_id, message_for, message_id, wanted
from labeler.mail.settings import SUBJECT, MailSettings, Subscriber
from labeler.topics.hierarchy import FLAT, Hierarchy
from tests.publish.factories import NAMES, labelled, paper

DATE = datetime(2026, 11, 27, 6, 30, tzinfo=UTC)
ADA = Subscriber(Address("Ada", "ada", "example.org"))
LONG_HOST = f"{'a' * 60}.{'b' * 60}.{'c' * 40}.example.org"
HEADERS = ["MIME-Version", "Content-Type", "From", "To", "Subject", "Date", "List-Id", "List-Unsubscribe",
           "Auto-Submitted"]  # fmt: skip
ONE_LINE = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=120)


def list_of(name: str = "Papers", sender: str = "papers@example.org", subject: str = SUBJECT) -> MailSettings:
    address = address_of(sender)
    return MailSettings("localhost", 25, "none", "", address, name, subject, address, 20, ())


def made(subscriber: Subscriber = ADA, settings: MailSettings | None = None) -> EmailMessage:
    return message_for(subscriber, [labelled()], 1, NAMES, settings or list_of(), DATE)


def read(message: EmailMessage) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(message.as_bytes(), policy=default))


def raw_header(message: EmailMessage, name: str) -> str:
    found = re.search(rf"^{name}: (.*(?:\r\n[ \t].*)*)\r\n", message.as_bytes().decode("ascii"), re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_headers_say_who_what_and_how_to_leave() -> None:
    message = read(made())
    assert message.keys() == HEADERS
    assert message["From"] == "Papers <papers@example.org>"
    assert message["To"] == "Ada <ada@example.org>"
    assert message["Subject"] == "Papers, 2026-11-27: 1 paper"
    assert message["Date"].datetime == DATE
    assert message["List-Id"] == "Papers <papers.example.org>"
    assert message["List-Unsubscribe"] == "<mailto:papers@example.org?subject=unsubscribe>"
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_body(("plain",))
    assert text is not None
    assert "This was sent to ada@example.org. To get it no longer, write to papers@example.org." in text.get_content()


@given(ONE_LINE, ONE_LINE.filter(str.strip), ONE_LINE.filter(str.strip))
@settings(max_examples=40, deadline=None)
def test_whatever_things_are_called_no_header_is_added_and_addresses_stay(name: str, title: str, subject: str) -> None:
    person = Subscriber(Address(name.strip("\"' "), "ada", "example.org"))
    message = made(person, list_of(title.strip(), subject=subject.strip()))
    again = read(message)
    assert again.keys() == HEADERS
    assert [one.addr_spec for one in again["To"].addresses] == ["ada@example.org"]
    assert [one.addr_spec for one in again["From"].addresses] == ["papers@example.org"]
    assert raw_header(message, "List-Id").endswith(f" <{list_id(list_of(title.strip()))}>")
    assert re.fullmatch(r"[a-z0-9-]+\.example\.org", list_id(list_of(title.strip())))
    assert max(map(len, message.as_bytes().split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("Robots", "Robots"),
        ("Robots, arms", '"Robots, arms"'),
        ('A "new" \\ list', '"A \\"new\\" \\\\ list"'),
        ("Jörgs Liste", "=?utf-8?q?J=C3=B6rgs_Liste?="),
    ],
)
def test_the_list_is_named_as_its_header_has_it(name: str, phrase: str) -> None:
    assert raw_header(made(settings=list_of(name)), "List-Id") == f"{phrase} <{list_id(list_of(name))}>"


def test_long_addresses_stay_whole_in_headers_that_programs_read() -> None:
    settings = list_of(sender=f"{'x' * 60}@{LONG_HOST}")
    message = made(Subscriber(Address("", "y" * 60, LONG_HOST)), settings)
    message["Message-ID"] = message_id("digest", ADA, settings)
    assert raw_header(message, "List-Unsubscribe") == f"<mailto:{'x' * 60}@{LONG_HOST}?subject=unsubscribe>"
    assert raw_header(message, "List-Id") == f"Papers <papers.{LONG_HOST}>"
    assert raw_header(message, "Message-ID").strip() == message_id("digest", ADA, settings)
    assert [one.addr_spec for one in read(message)["To"].addresses] == [f"{'y' * 60}@{LONG_HOST}"]


def test_a_name_of_one_very_long_word_makes_no_line_that_servers_refuse() -> None:
    person = Subscriber(Address("A" * 2000, "ada", "example.org"))
    message = made(person, list_of("N" * 2000, subject="S" * 2000))
    assert max(map(len, message.as_bytes().split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1


def test_signs_that_mean_something_in_a_link_are_escaped() -> None:
    message = made(settings=list_of(sender="a?b&c=%d@example.org"))
    assert message["List-Unsubscribe"] == "<mailto:a%3Fb%26c%3D%25d@example.org?subject=unsubscribe>"


def test_a_subject_of_ones_own() -> None:
    subject = made(settings=list_of("Robots {papers}", subject="{papers} for you ({name}, {date}) {other} {0.real}"))[
        "Subject"
    ]
    assert subject == "1 paper for you (Robots {papers}, 2026-11-27) {other} {0.real}"


def test_a_message_is_the_same_again_and_so_is_its_id() -> None:
    assert made().as_bytes() == made().as_bytes()
    known = message_id("digest", ADA, list_of())
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", known)
    assert known == message_id("digest", Subscriber(Address("Other", "ADA", "example.org"), ("lang",)), list_of())
    assert known != message_id("other", ADA, list_of())
    assert known != message_id("digest", ADA, list_of("Other list"))
    assert known != message_id("digest", Subscriber(Address("", "bo", "example.org")), list_of())


def test_a_digest_is_its_papers() -> None:
    assert digest_name(["a", "b"], "2026-11-27") == digest_name(["b", "a", "b"], "2026-11-28")
    assert digest_name(["a", "b"], "2026-11-27") != digest_name(["a"], "2026-11-27")
    assert digest_name([], "2026-11-27") == "empty-2026-11-27"


def test_each_person_gets_the_papers_of_her_topics() -> None:
    both = labelled(paper("Both"), (("lang", 0.9, ()), ("vision", 0.6, ("image",))))
    none = labelled(paper("None"), (), "none")
    judged = labelled(paper("Judged"), (("vision", 0.1, ()),), "judged")._replace(by={"vision": ("Ada",)})
    unknown = labelled(paper("Unknown"), (("vision", nan, ()),))
    papers = [both, none, judged, unknown]

    def titles(topics: set[str], least: float, hierarchy: Hierarchy = FLAT) -> list[str]:
        person = replace(ADA, topics=tuple(topics), least_probability=least)
        return [item.paper.title for item in wanted(papers, person, hierarchy)]

    assert titles(set(), 0) == ["Both", "None", "Judged", "Unknown"]
    assert titles({"vision"}, 0) == ["Both", "Judged", "Unknown"]
    assert titles({"vision"}, 0.7) == ["Judged", "Unknown"]
    assert titles(set(), 0.7) == ["Both", "Judged", "Unknown"]
    assert titles({"lang"}, 0.95) == []
    assert titles({"science"}, 0) == []
    assert titles({"science"}, 0, Hierarchy({"vision": "science"})) == ["Both", "Judged", "Unknown"]
    papers[1] = none._replace(also=(("vision", 0.45),))
    assert titles({"vision"}, 0.4) == ["Both", "None", "Judged", "Unknown"]
    assert titles({"vision"}, 0.7) == ["Judged", "Unknown"]
    assert "None" not in titles({"lang"}, 0)
    (found,) = wanted([both], replace(ADA, topics=("vision",)), FLAT)
    assert [topic for topic, _, _ in found.topics] == ["vision", "lang"]
