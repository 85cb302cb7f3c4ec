from __future__ import annotations

import pytest

from labeler.wording import counted, duration, nearest, shortened, without_secrets


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(number, "paper") for number in (0, 1, 2)] == ["0 papers", "1 paper", "2 papers"]
    assert [counted(number, "category", "categories") for number in (1, 2)] == ["1 category", "2 categories"]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0:00"), (0.6, "0:01"), (59.7, "1:00"), (605, "10:05"), (3599.6, "1:00:00"), (7325, "2:02:05")],
)
def test_a_time_to_wait_is_told_as_on_a_clock(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_the_nearest_name_is_found_without_regard_to_case() -> None:
    assert nearest("visoin", ["Vision", "Robotics"]) == "Vision"
    assert nearest("chemistry", ["Vision", "Robotics"]) == ""


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Words of birds", 14, "Words of birds"),
        ("Words of birds", 13, "Words of…"),
        ("Words, of birds", 8, "Words…"),
        ("Words of birds", 5, "Words…"),
        ("Wordsofbirds", 5, "Words…"),
        ("", 5, ""),
    ],
)
def test_texts_are_shortened_at_words(text: str, most: int, short: str) -> None:
    assert shortened(text, most) == short


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("imaps://me:secret@example.org/INBOX: refused", "imaps://example.org/INBOX: refused"),
        ("feed:https://me:se@cret@example.org/x", "feed:https://example.org/x"),
        ("'https://example.org/x?q=a&api_key=secret' failed", "'https://example.org/x?q=a&api_key=…' failed"),
        ("https://example.org/x?Token=secret&q=a", "https://example.org/x?Token=…&q=a"),
        ("https://example.org/x?author=lee&keyword=a", "https://example.org/x?author=lee&keyword=a"),
        ("https://example.org/@me?q=keys", "https://example.org/@me?q=keys"),
        ("write to me@example.org", "write to me@example.org"),
    ],
)
def test_addresses_are_told_without_passwords_and_keys(text: str, told: str) -> None:
    assert without_secrets(text) == told
