from __future__ import annotations

import pytest

from labeler.papers.withdrawn import is_withdrawn


@pytest.mark.parametrize(
    ("title", "abstract", "comments"),
    [
        ("Owls", "They hunt.", "This paper has been withdrawn by the authors"),
        ("Owls", "They hunt.", "withdrawn due to an error in section 3"),
        ("Owls", "This paper has been withdrawn because of a mistake.", ""),
        ("WITHDRAWN: Owls at night", "They hunt.", ""),
    ],
)
def test_withdrawn_papers_say_so(title: str, abstract: str, comments: str) -> None:
    assert is_withdrawn(title, abstract, comments)


@pytest.mark.parametrize(
    ("title", "abstract", "comments"),
    [
        ("Withdrawn affection in owls", "They hunt.", ""),
        ("Owls", "Funding was withdrawn from half of the sites, and we compare them.", "12 pages"),
        ("Money withdrawn from banks", "Cash is withdrawn by customers every day.", ""),
    ],
)
def test_papers_about_withdrawing_are_not_withdrawn(title: str, abstract: str, comments: str) -> None:
    assert not is_withdrawn(title, abstract, comments)
