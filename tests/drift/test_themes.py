from __future__ import annotations

import random

import pytest

from labeler.drift.themes import FEWEST_PAPERS, themes
from labeler.features.background import NO_BACKGROUND, shipped

WORDS = {
    "language": "language model text translation words speech sentences tokens grammar dialogue corpus question",
    "vision": "image pixel segmentation camera object detection video scene depth convolution visual frames",
    "stars": "stars galaxy telescope dust emission planets orbit redshift spectra luminosity disc gas",
    "cells": "cells protein gene expression tissue mouse tumor genome sequencing enzyme receptor membrane",
}
PLAIN = (
    "we show that our method and results are new for this problem with the use of data from which it follows".split()
)


def texts(kind: str, count: int, seed: int) -> list[str]:
    """Invented papers of a kind."""
    rng, words = random.Random(f"{kind} {seed}"), WORDS[kind].split()
    return [
        " ".join(rng.choices(words, k=5)) + "\n" + " ".join(rng.choices(words, k=25) + rng.choices(PLAIN, k=25))
        for _ in range(count)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("background", [shipped(), NO_BACKGROUND], ids=["background", "none"])
def test_kinds_that_nobody_judged_are_a_group_each(background: object) -> None:
    came = [*texts("language", 120, 1), *texts("vision", 120, 1), *texts("stars", 30, 1), *texts("cells", 30, 1)]
    judged = [*texts("language", 60, 2), *texts("vision", 60, 2), *texts("cells", 1, 2)]
    found = themes(came, judged, background)  # type: ignore[arg-type]
    assert sorted(sorted(theme.members) for theme in found) == [list(range(240, 270)), list(range(270, 300))]
    stars = next(theme for theme in found if 240 in theme.members)
    assert set(stars.words) <= set(WORDS["stars"].split())
    assert stars.field.startswith("astro-ph")
    assert {theme.judged for theme in found} == {0, 1}


@pytest.mark.slow
def test_what_was_judged_as_often_is_no_theme() -> None:
    came = [*texts("language", 60, 1), *texts("vision", 60, 1), *texts("stars", 30, 1)]
    judged = [*texts("language", 40, 2), *texts("vision", 40, 2), *texts("stars", 20, 2)]
    assert themes(came, judged, shipped()) == []


@pytest.mark.parametrize(("came", "judged"), [(0, 0), (100, 5), (FEWEST_PAPERS - 1, 50), (1, 20)])
def test_of_few_papers_nothing_is_told(came: int, judged: int) -> None:
    assert themes(texts("stars", came, 1), texts("language", judged, 1), shipped()) == []


@pytest.mark.slow
def test_of_very_many_papers_an_even_choice_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.drift.themes.MOST", 200)
    came = [*texts("language", 200, 1), *texts("vision", 200, 1), *texts("stars", 120, 1)]
    found = themes(came, [*texts("language", 60, 2), *texts("vision", 60, 2)], shipped())
    (members,) = [theme.members for theme in found]
    assert all(member >= 400 for member in members)
    assert len(members) >= FEWEST_PAPERS
