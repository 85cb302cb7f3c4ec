"""Who takes part in the tables, and what each is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.quality import minilm, peers
from tests.bench.quality.ours import Ours, background
from tests.bench.quality.self_trained import SelfTrained
from tests.bench.quality.splits import Split

_HERE = "tests/bench/quality"
_ROOMS = ("papers", "features", "measure", "score", "learn")
_LABELER = (*(f"labeler/{room}" for room in _ROOMS), f"{_HERE}/ours.py", f"{_HERE}/figures.py")
_PEERS = (f"{_HERE}/peers.py",)
_MINILM = (f"{_HERE}/peers.py", f"{_HERE}/minilm.py", f"{_HERE}/self_trained.py")


@dataclass(frozen=True)
class Method:
    """``build`` makes a fresh one for a split and a seed; ``code``: the files that decide what it does.

    It is given ``unread`` papers and ``names`` or not. ``missing`` says why it cannot take part, or None; ``prepare``
    is given all texts before the clock starts. Beyond ``most`` labels it is not asked.
    """

    label: str
    build: Callable[[Split, int], peers.Peer]
    code: tuple[str, ...]
    unread: bool = False
    names: bool = False
    missing: Callable[[], str | None] = lambda: None
    prepare: Callable[[Sequence[str]], object] | None = None
    most: int | None = None

    def is_given_as_much_as(self, other: Method) -> bool:
        """Whether ``other`` has no names and no unread papers that this one has not."""
        return self.names >= other.names and self.unread >= other.unread

    def can_learn_from(self, count: int | None) -> bool:
        """Whether it is asked with so many labels (None: all): without any, only names and unread papers help."""
        if count == 0:
            return self.names and self.unread
        return self.most is None or (count is not None and count <= self.most)


def _ours(split: Split, seed: int) -> Ours:
    return Ours(split.mode, split.topics, seed)


def _ours_plain(split: Split, seed: int) -> Ours:
    return Ours(split.mode, split.topics, seed, self_training=False)


def _read_background(_: Sequence[str]) -> None:
    background()


METHODS = {
    "labeler": Method(
        "**labeler**", _ours, _LABELER, unread=True, names=True,
        missing=minilm.missing, prepare=_read_background,
    ),
    "labeler-no-unread": Method(
        "**labeler**, no unread papers", _ours, _LABELER, names=True,
        missing=minilm.missing, prepare=_read_background,
    ),
    "labeler-unnamed": Method(
        "**labeler**, no names", _ours, _LABELER, unread=True,
        missing=minilm.missing, prepare=_read_background,
    ),
    "labeler-plain": Method(
        "**labeler**, no names, no self-training", _ours_plain, _LABELER, unread=True,
        missing=minilm.missing, prepare=_read_background,
    ),
    "labeler-plain-no-unread": Method(
        "**labeler**, no names, no unread papers", _ours_plain, _LABELER,
        missing=minilm.missing, prepare=_read_background,
    ),
    "defaults": Method("scikit-learn defaults", lambda split, seed: peers.defaults(split.mode, seed), _PEERS),
    "tuned": Method("scikit-learn tuned", lambda split, seed: peers.tuned(split.mode, seed), _PEERS),
    "svc": Method("LinearSVC", lambda split, seed: peers.linear_svc(split.mode, seed), _PEERS),
    "characters": Method(
        "characters, pairs + LR", lambda split, seed: peers.characters(split.mode, seed), _PEERS
    ),
    "characters-svc": Method(
        "characters, pairs + LinearSVC", lambda split, seed: peers.characters_svc(split.mode, seed), _PEERS
    ),
    "fasttext": Method(
        "fastText", lambda split, seed: peers.FastText(split.mode, seed), _PEERS, missing=peers.FastText.missing
    ),
    "minilm": Method(
        "MiniLM + LR", lambda split, seed: peers.Embedded(split.mode, seed), _MINILM,
        missing=minilm.missing, prepare=minilm.vectors,
    ),
    "minilm-self": Method(
        "MiniLM, names, self-training", lambda split, seed: SelfTrained(split.mode, seed), _MINILM,
        unread=True, names=True, missing=minilm.missing, prepare=minilm.vectors, most=1000,
    ),
    "minilm-names": Method(
        "MiniLM, names", lambda split, seed: SelfTrained(split.mode, seed), _MINILM,
        names=True, missing=minilm.missing, prepare=minilm.vectors,
    ),
}  # fmt: skip
