"""Words that stand for nothing, and papers that say that they are withdrawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from labeler.digests.fields import paper_of
from labeler.papers import merge
from labeler.papers.placeholders import is_no_abstract, is_no_title, is_nothing
from labeler.papers.withdrawn import is_withdrawn


@pytest.mark.parametrize(
    "text",
    """nan|NaN|N/A|null|None|-|[No abstract available]|Abstract not available.|(No abstract)|Abstract: N/A|Abstract
    No abstract is available for this article.|This article has no abstract.|An abstract is not available.|Not available
    The abstract is not yet available|Click on the article title to read more|Résumé non disponible|暂无摘要|<NA>
    Kein Abstract verfügbar|Sin resumen|There is no abstract available for this article|ABSTRACT UNAVAILABLE""".replace(
        "\n", "|"
    ).split("|"),
)
def test_words_for_no_abstract(text: str) -> None:
    assert is_no_abstract(text.strip())
    assert paper_of({"title": "A title", "abstract": text, "summary": "Words."}, "x").abstract == "Words."


@pytest.mark.parametrize(
    "text",
    """Aucun résumé disponible.|No hay resumen disponible|Resumo indisponível|摘要:无|要約なし|초록 없음|Özet yok
    Brak streszczenia|Brak abstraktu|Inget abstrakt tillgängligt|Abstract to come|Not applicable.|#NAME?|#VALUE!|#REF!
    """.strip()
    .replace("\n", "|")
    .split("|"),
)
def test_words_for_no_abstract_in_other_languages_and_of_spreadsheets(text: str) -> None:
    assert is_no_abstract(text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "No abstraction is free",
        "Abstract algebra in schools",
        "Summary judgments are not available to the poor",
        "Nana",
    ],
)
def test_words_of_papers(text: str) -> None:
    assert not is_no_abstract(text)
    assert not is_no_title(text)


@pytest.mark.parametrize("value", [None, "", " ", "nan", "-", [], {}, float("nan"), np.nan, pd.NA, pd.NaT])
def test_nothing(value: object) -> None:
    assert is_nothing(value)


@pytest.mark.parametrize("value", [0, False, "a", [None], "NaNo", np.array([1.0, 2.0])])
def test_something(value: object) -> None:
    assert not is_nothing(value)


def test_papers_without_a_title_are_not_one() -> None:
    rows = [paper_of({"title": "nan", "abstract": f"{word} words of a paper"}, "x") for word in ("Some", "Other")]
    assert [paper.title for paper in merge(rows)] == ["", ""]
    assert {paper.flags for paper in rows} == {("no_title",)}
    with pytest.raises(ValueError, match="neither a title nor an abstract"):
        paper_of({"title": "N/A", "abstract": "[No abstract available]"}, "x")


@pytest.mark.parametrize(
    ("title", "abstract", "comments"),
    [
        ("A", "", "This paper has been withdrawn by the authors"),
        ("A", "", "5 pages; submission has been withdrawn by arXiv administrators"),
        ("A", "", "Withdrawn due to an error in Lemma 2"),
        ("A", "The authors have withdrawn this paper because of an error.", ""),
        ("A", "Withdrawn.", ""),
        ("WITHDRAWN: A title", "", ""),
    ],
)
def test_papers_that_are_withdrawn(title: str, abstract: str, comments: str) -> None:
    assert is_withdrawn(title, abstract, comments)


@pytest.mark.parametrize(
    ("title", "abstract", "comments"),
    [
        ("Withdrawn drugs and their makers", "", ""),
        ("A", "This paper studies how drugs are withdrawn from markets.", "12 pages"),
        ("A", "", "withdrawn from another journal, now under review"),
    ],
)
def test_papers_about_withdrawing(title: str, abstract: str, comments: str) -> None:
    assert not is_withdrawn(title, abstract, comments)
