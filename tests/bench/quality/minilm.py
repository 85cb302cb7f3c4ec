"""Sentence embeddings as a peer: the encoder of :mod:`models.background.encoder`, with texts of up to 256 tokens.

A paper is embedded by itself, so that its vector does not depend on its neighbours; what is embedded is kept in a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from models.background.encoder import WIDTH, Vectors, embed, missing
from tests.bench.quality.cache import folder

__all__ = ["missing", "vectors"]
_TOKENS = 256
_KEPT_EVERY = 500  # texts, so that a killed run goes on


def vectors(texts: Sequence[str]) -> Vectors:
    """The embeddings (n_texts, 384), each read from the cache or made and put there."""
    known = _known()
    keys = [_key(text) for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    for number, (key, text) in enumerate(new.items(), start=1):
        known[key] = embed(text, _TOKENS)
        if number % _KEPT_EVERY == 0 or number == len(new):
            _keep(known)
    return np.array([known[key] for key in keys], dtype=np.float32).reshape(len(keys), WIDTH)


def _keep(known: dict[bytes, Vectors]) -> None:
    """Write all embeddings made so far, whole or not at all."""
    part = _path().with_suffix(".part")
    with part.open("wb") as stream:
        keys = np.frombuffer(b"".join(known), dtype=np.uint8).reshape(-1, 32)
        np.savez(stream, keys=keys, vectors=np.array(list(known.values()), dtype=np.float32))
    part.replace(_path())


@cache
def _known() -> dict[bytes, Vectors]:
    if not _path().exists():
        return {}
    with np.load(_path(), allow_pickle=False) as held:
        return {key.tobytes(): vector for key, vector in zip(held["keys"], held["vectors"], strict=True)}


def _key(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _path() -> Path:
    return folder() / "minilm.npz"
