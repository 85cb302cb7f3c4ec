"""Where a model version comes from: the version before, the seed, and the commit of its workspace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self


class Lineage(NamedTuple):
    """Where a version comes from.

    ``parent`` is the label of the version that was in use when it was trained, else of the newest one of its name, and
    ``parent_fingerprint`` what tells that one from others of the label; both are empty for a first version. ``seed`` is
    that of everything random in the training. ``commit`` is the hash of the commit that the workspace was at, empty
    where it is not under git, and ``uncommitted`` says that its annotations were not all in that commit.
    """

    parent: str = ""
    parent_fingerprint: str = ""
    seed: int = 0
    commit: str = ""
    uncommitted: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The keys and values as a manifest holds them; what is not known is None."""
        parent = {"model": self.parent, "fingerprint": self.parent_fingerprint} if self.parent else None
        commit = {"hash": self.commit, "uncommitted": self.uncommitted} if self.commit else None
        return {"parent": parent, "seed": self.seed, "commit": commit}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        parent, commit = record.get("parent") or {}, record.get("commit") or {}
        return cls(
            str(parent.get("model", "")),
            str(parent.get("fingerprint", "")),
            int(record["seed"]),
            str(commit.get("hash", "")),
            bool(commit.get("uncommitted", False)),
        )


def lineage_sentence(lineage: Lineage) -> str:
    """Where a version comes from, in words."""
    after = f"After {lineage.parent} ({lineage.parent_fingerprint})" if lineage.parent else "The first version"
    commit = ""
    if lineage.commit:
        but = ", with annotations that it does not have" if lineage.uncommitted else ""
        commit = f", at commit {lineage.commit[:12]}{but}"
    return f"{after}; seed {lineage.seed}{commit}."
