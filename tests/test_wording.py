from __future__ import annotations

from labeler.wording import counted, nearest


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(number, "paper") for number in (0, 1, 2)] == ["0 papers", "1 paper", "2 papers"]
    assert [counted(number, "category", "categories") for number in (1, 2)] == ["1 category", "2 categories"]


def test_the_nearest_name_is_found_without_regard_to_case() -> None:
    assert nearest("visoin", ["Vision", "Robotics"]) == "Vision"
    assert nearest("chemistry", ["Vision", "Robotics"]) == ""
