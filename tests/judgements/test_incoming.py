from __future__ import annotations

from labeler.judgements import Incoming


def test_two_imports_share_nothing() -> None:
    one, other = Incoming(), Incoming()
    one.refused.append("bad")
    one.unknown_labels["nlp"] += 1
    assert (other.refused, other.unknown_labels, other.judgements, other.drafts) == ([], {}, [], 0)
