"""Pages as trees: the text of elements."""

from __future__ import annotations

from typing import Any

import pytest

from labeler.digests.html import page_of, shown_text
from tests.digests.factories import ABSTRACT
from tests.growth import LARGEST_RATIO, doubling


def test_scripts_and_style_sheets_are_no_text() -> None:
    page = page_of("<p>One<script>x</script> two<br>three<style>y</style></p>", "a")
    assert shown_text(page) == "One two three"
    assert shown_text(None) == ""


@pytest.mark.slow
def test_elements_without_an_end_take_no_time_for_each_other() -> None:
    def make(count: int) -> Any:
        return page_of(f"<b>{ABSTRACT}" * count, "a")

    def run(page: Any) -> None:
        for element in page.iter("b"):
            shown_text(element)

    assert doubling(make, run, 200) < LARGEST_RATIO
