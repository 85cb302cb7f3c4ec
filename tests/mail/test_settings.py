"""The settings of mail: what stands in the workspace file, and faults in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError
from labeler.mail.settings import MailSettings, mail_settings

HEAD = '[mail]\nhost = "mail.example.org"\nsender = "papers@example.org"\n'
ADA = '[[mail.subscriber]]\naddress = "ada@example.org"\n'


def settings(folder: Path, text: str, environment: dict[str, str] | None = None) -> MailSettings:
    (folder / "labeler.toml").write_text(text, encoding="utf-8")
    return mail_settings(find_workspace(str(folder)), environment or {})


def test_little_needs_to_be_said(tmp_path: Path) -> None:
    found = settings(tmp_path, HEAD + ADA)
    assert (found.host, found.port, found.security, found.user) == ("mail.example.org", 587, "starttls", "")
    assert found.unsubscribe == found.sender
    (ada,) = found.subscribers
    assert (ada.key, ada.topics, ada.least_probability, ada.on_empty) == ("ada@example.org", (), 0.0, "skip")


@pytest.mark.parametrize(
    ("lines", "security", "port"),
    [("port = 465", "tls", 465), ("port = 2525", "starttls", 2525), ('security = "tls"', "tls", 465),
     ('port = 465\nsecurity = "starttls"', "starttls", 465)],
)  # fmt: skip
def test_a_port_tells_how_it_is_encrypted_and_the_other_way_round(
    tmp_path: Path, lines: str, security: str, port: int
) -> None:
    found = settings(tmp_path, f"{HEAD}{lines}\n{ADA}")
    assert (found.security, found.port) == (security, port)


def test_everything_can_be_said(tmp_path: Path) -> None:
    more = """security = "tls"
user = "papers"
name = "Robots & more"
subject = "{papers} today"
unsubscribe = "Office <office@example.org>"
on_empty = "send"
most = 5
"""
    each = 'name = "Bo B."\ntopics = ["vision", "robotics"]\nleast_probability = 0.5\non_empty = "skip"\n'
    found = settings(tmp_path, HEAD + more + ADA + '[[mail.subscriber]]\naddress = "bo@example.org"\n' + each)
    assert (found.port, found.user, found.name, found.most) == (465, "papers", "Robots & more", 5)
    assert found.unsubscribe.addr_spec == "office@example.org"
    ada, bo = found.subscribers
    assert (ada.on_empty, bo.on_empty) == ("send", "skip")
    assert (bo.address.display_name, bo.topics, bo.least_probability) == ("Bo B.", ("vision", "robotics"), 0.5)


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    found = settings(tmp_path, HEAD + ADA, {"LABELER_MAIL_HOST": "other.example.org", "LABELER_MAIL_PORT": "2525"})
    assert (found.host, found.port) == ("other.example.org", 2525)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_this_machine_may_be_spoken_to_unencrypted(tmp_path: Path, host: str) -> None:
    text = HEAD.replace("mail.example.org", host) + 'security = "none"\n' + ADA
    assert settings(tmp_path, text).port == 25


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no section [mail]"),
        ("[[mail]]\nhost = 'a'\n", "mail is no section"),
        (HEAD, "[mail] has no subscriber"),
        (HEAD.replace("host", "hots") + ADA, "unknown setting 'hots' of [mail]"),
        (HEAD.replace("host", "hots") + ADA, "did you mean host?"),
        (HEAD + 'password = "x"\n' + ADA, "there is a password in"),
        ("[mail]\nsender = 'a@example.org'\n" + ADA, "[mail] has no host"),
        ("[mail]\nhost = 'mail.example.org'\n" + ADA, "[mail] has no sender"),
        (HEAD.replace('"mail.example.org"', '""') + ADA, "host of [mail] is ''"),
        (HEAD.replace('"mail.example.org"', "3") + ADA, "host of [mail] is 3"),
        (HEAD.replace("papers@", "papers") + ADA, "it has no @"),
        (HEAD + 'security = "ssl"\n' + ADA, "known are: starttls, tls, none"),
        (HEAD + "security = []\n" + ADA, "known are: starttls, tls, none"),
        (HEAD + 'security = "none"\n' + ADA, "only this machine may be spoken to unencrypted"),
        (HEAD + "port = -1\n" + ADA, "give a whole number from 0 to 65535"),
        (HEAD + "port = true\n" + ADA, "give a whole number from 0 to 65535"),
        (HEAD + 'port = "smtp"\n' + ADA, "give a whole number from 0 to 65535"),
        (HEAD + "most = 0\n" + ADA, "most of [mail] is 0"),
        (HEAD + 'on_empty = "shout"\n' + ADA, "known are: skip, send"),
        (HEAD + 'name = "a\\r\\nBcc: eve@example.org"\n' + ADA, "give a text of one line"),
        (HEAD + 'subject = "a\\nBcc: eve@example.org"\n' + ADA, "give a text of one line"),
        (HEAD + 'user = "a\\n"\n' + ADA, "give a text of one line"),
        (HEAD + 'subscriber = "ada@example.org"\n', "[mail] subscriber is no list of tables"),
        (HEAD + 'subscriber = ["ada@example.org"]\n', "[mail] subscriber is no list of tables"),
        (HEAD + "[mail.subscriber]\naddress = 'ada@example.org'\n", "[mail] subscriber is no list of tables"),
        (HEAD + ADA + "[[mail.subscriber]]\nname = 'Bo'\n", "[[mail.subscriber]] number 2 has no address"),
        (HEAD + ADA + "[[mail.subscriber]]\naddress = 'bo'\n", "[[mail.subscriber]] number 2 is 'bo'"),
        (HEAD + "[[mail.subscriber]]\naddress = 'bo@example.org, eve@example.org'\n", "nothing that may stand before"),
        (HEAD + '[[mail.subscriber]]\naddress = "bo@example.org\\nBcc: eve@example.org"\n', "it has a line break"),
        (HEAD + ADA + 'name = "Ada\\nBcc: eve@example.org"\n', "give a text of one line"),
        (HEAD + ADA + "topics = 'vision'\n", "give a list of texts"),
        (HEAD + ADA + "least_probability = 50\n", "give a probability from 0 to 1"),
        (HEAD + ADA + "least_probability = nan\n", "give a probability from 0 to 1"),
        (HEAD + ADA + "least = 0.5\n", "unknown setting 'least' of [[mail.subscriber]] number 1"),
        (HEAD + ADA + ADA.replace("ada", "Ada"), "numbers 1 and 2 are both Ada@example.org"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        settings(tmp_path, text)
    message = str(caught.value)
    assert told in message
    assert str(tmp_path) in message
    assert "\n" not in message


def test_a_variable_that_is_misspelt_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no variable LABELER_MAIL_HOTS; did you mean LABELER_MAIL_HOST"):
        settings(tmp_path, HEAD + ADA, {"LABELER_MAIL_HOTS": "mail.example.org"})
    assert settings(tmp_path, HEAD + ADA, {"LABELER_MAIL_PASSWORD": "secret"}).host == "mail.example.org"


def test_a_fault_in_the_environment_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="LABELER_MAIL_PORT"):
        settings(tmp_path, HEAD + ADA, {"LABELER_MAIL_PORT": "smtp"})
