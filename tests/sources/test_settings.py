"""Settings of fetching, and what the environment says of services."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.errors import InputError, UsageError
from labeler.sources.registry import SOURCES
from labeler.sources.settings import base_address, cache_folder, checked_address, fetch_settings, key_of


@pytest.fixture
def settings_of(workspace: Path) -> Path:
    """The file with the settings of the workspace in use."""
    return workspace / "labeler.toml"


def test_without_settings_nobody_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = fetch_settings()
    assert found.contact == ""
    assert found.user_agent.startswith("labeler/")
    assert "mailto" not in found.user_agent


def test_a_contact_is_told_to_services_and_an_age_is_in_minutes(settings_of: Path) -> None:
    settings_of.write_text('[fetch]\ncontact = "library@example.org"\nmax_age = 5\n')
    found = fetch_settings()
    assert found.user_agent.endswith(" (mailto:library@example.org)")
    assert found.max_age == 300


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('contact = "nobody"', "contact is 'nobody'"),
        (r'contact = "a@example.org\r\nEvil: yes"', "contact is"),
        ("max_age = -1", "max_age is -1"),
        ("max_age = nan", "max_age is nan"),
        ("max_age = inf", "max_age is inf"),
        ('[fetch.hff]\nurl = "https://example.org"', r"\[fetch.hff\] is of no source that there is; known are: arxiv"),
    ],
)
def test_settings_that_cannot_be_meant_are_told(settings_of: Path, text: str, told: str) -> None:
    settings_of.write_text(f"[fetch]\n{text}\n")
    with pytest.raises(InputError, match=told):
        fetch_settings()


def test_answers_are_kept_in_the_cache_folder_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "labeler" / "fetch"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "labeler" / "fetch"


@pytest.mark.parametrize("name", SOURCES.names)
def test_the_address_of_a_service_is_its_own_or_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    service = SOURCES.named(name)
    if service.URL:
        assert base_address(service) == service.URL.rstrip("/")
    monkeypatch.setenv(f"LABELER_FETCH_{name.upper()}_URL", "http://127.0.0.1:8080/")
    assert base_address(service) == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x.org",
        "ftp://x.org",
        "https://",
        "https://x.org:0",
        "https://x.org:99999",
        "https://x.org/a b",
        "http://[x",
    ],
)
def test_other_addresses_are_told_without_being_shown(address: str) -> None:
    with pytest.raises(UsageError, match=r"^THE_URL holds no address of the web"):
        checked_address(address, "THE_URL")


def test_an_address_with_a_password_is_refused_and_not_shown() -> None:
    with pytest.raises(UsageError, match="a name or a password") as told:
        checked_address("https://ada:secret@x.org/", "THE_URL")
    assert "secret" not in str(told.value)


def test_a_key_is_that_of_the_environment_and_one_that_is_none_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    service = next(one for one in SOURCES.builtin if getattr(one, "KEY_VARIABLE", ""))
    variable = service.KEY_VARIABLE  # type: ignore[attr-defined]
    assert key_of(service) == ""
    monkeypatch.setenv(variable, " 0123456789abcdef ")
    assert key_of(service) == "0123456789abcdef"
    monkeypatch.setenv(variable, "top secret")
    with pytest.raises(UsageError, match=f"{variable} holds no key") as told:
        key_of(service)
    assert "top secret" not in str(told.value)


def test_a_service_without_keys_has_none() -> None:
    service = next(one for one in SOURCES.builtin if not getattr(one, "KEY_VARIABLE", ""))
    assert key_of(service) == ""
