"""Identifiers in links."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

import pytest

from labeler.digests.links import identifiers_of_link, target_of


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://arxiv.org/pdf/2601.88001v2.pdf", {"arxiv_id": "arxiv:2601.88001"}),
        ("https://www.biorxiv.org/content/10.1101/2024.01.02.888001v1.full", {"doi": "10.1101/2024.01.02.888001"}),
        ("https://www.biorxiv.org/content/10.64898/2026.01.02.888001v1", {"doi": "10.64898/2026.01.02.888001"}),
        ("https://pubmed.ncbi.nlm.nih.gov/88000001/?utm=x", {"pmid": "88000001"}),
        ("https://onlinelibrary.wiley.com/doi/abs/10.5555/inv.1?af=R", {"doi": "doi:10.5555/inv.1"}),
        ("https://link.springer.com/content/pdf/10.5555/s1-2.pdf", {"doi": "doi:10.5555/s1-2"}),
        ("https://journals.plos.org/plosone/article?id=10.5555/journal.pone.1", {"doi": "doi:10.5555/journal.pone.1"}),
        ("https://doi.org/10.5555/a(1)b", {"doi": "doi:10.5555/a(1)b"}), ("https://example.org/10.1", {}), ("http://[x", {}), ("", {}),
    ],
)  # fmt: skip
def test_identifiers_in_links(link: str, found: dict[str, str]) -> None:
    assert identifiers_of_link(link) == found


def test_targets_of_links_by_way_of_a_search_engine() -> None:
    assert target_of("https://scholar.google.com/scholar_url?url=https://x.org/a%3Fb&hl=en") == "https://x.org/a?b"
    assert target_of("https://x.org/a?url=b") == "https://x.org/a?url=b"
    assert target_of("http://[x") == "http://[x"
