"""Addresses as people write them, and those that are none."""

from __future__ import annotations

from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.mail.addresses import address_of, key_of


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("ada@example.org", "", "ada@example.org"),
        ("  ada@example.org ", "", "ada@example.org"),
        ("Ada Lovelace <ada@example.org>", "Ada Lovelace", "ada@example.org"),
        ('"Lovelace, Ada" <ada@example.org>', "Lovelace, Ada", "ada@example.org"),
        ("Jörg Müller <joerg@example.org>", "Jörg Müller", "joerg@example.org"),
        ("ada+papers@sub.example.org", "", "ada+papers@sub.example.org"),
        ("o'hara@Example.ORG", "", "o'hara@example.org"),
        ("Ada@example.org", "", "Ada@example.org"),
        ("ada@localhost", "", "ada@localhost"),
        ("ada@müller.example", "", "ada@xn--mller-kva.example"),
        ("ada@straße.example", "", "ada@xn--strae-oqa.example"),  # not strasse, which is another domain
        ("用户@例子.广告", "", "用户@xn--fsqu00a.xn--4rr70v"),
    ],
)
def test_an_address_is_read_as_it_is_written(text: str, name: str, address: str) -> None:
    found = address_of(text)
    assert (found.display_name, found.addr_spec) == (name, address)


@pytest.mark.parametrize(
    "text",
    ["", "ada", "@example.org", "ada@", "ada@@example.org", "ada b@example.org", "ada@exam ple.org", "a..b@example.org",
     ".a@example.org", "a.@example.org", "ada@-example.org", "ada@example..org", "ada@example.org.", "ada@[127.0.0.1]",
     '"a b"@example.org', "ada@example.org, bo@example.org", "ada@example.org\r\nBcc: eve@example.org",
     "Ada\nBcc: eve@example.org <ada@example.org>", "ada@example.org\x00", "<ada@example.org", "a<b@example.org>c",
     "ada@example.org>", "Ada <ada@example.org> <eve@example.org>", "ada@ex_ample.org", f"{'a' * 65}@example.org",
     f"ada@{'a' * 64}.{'b' * 64}.{'c' * 64}.{'d' * 64}.org", "ada@\u202eexample.org", "ada@exam\u00adple.org"],
)  # fmt: skip
def test_what_no_mail_can_be_sent_to_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"it |is "):
        address_of(text)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"[^@]{0,20}<?[^@]{0,20}@[^@]{0,30}>?", fullmatch=True)))
def test_whatever_is_taken_stands_in_a_header_as_one_address(text: str) -> None:
    try:
        address = address_of(text)
    except ValueError:
        return
    message = EmailMessage(policy=SMTP)
    message["To"] = address
    message["Subject"] = "a"
    read = message_from_string(message.as_bytes(policy=SMTP.clone(utf8=True)).decode(), policy=default)
    assert read.keys() == ["To", "Subject"]
    assert [one.addr_spec for one in read["To"].addresses] == [address.addr_spec]


def test_case_does_not_make_another_person() -> None:
    assert key_of(address_of("Ada <ADA@Example.org>")) == key_of(address_of("ada@example.org"))
