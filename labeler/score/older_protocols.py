"""Model files of older protocols, read as the arrays of the present one.

:mod:`labeler.score.manifest` lists the protocols.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.errors import RefusedError
from labeler.files import read_npz, regular_bytes

if TYPE_CHECKING:
    import numpy.typing as npt

    from labeler.features.vocabulary import Vocabulary

    Arrays = dict[str, npt.NDArray[Any]]

ARCHIVE, TERMS = "weights.npz", "terms.txt"  # the files of protocols 1 and 2


def from_archive(folder: Path, protocol: int) -> Arrays:
    """The arrays of a model of protocol 2.

    Raises:
        RefusedError: the model is of protocol 1, which counts a title once; later ones count it twice.
        OSError: a file cannot be read.
        LookupError, ValueError: a file is damaged.
    """
    import numpy as np

    from labeler.features.terms import Tokenizer
    from labeler.features.vocabulary import Vocabulary

    if protocol < 2:
        raise RefusedError(
            f"the model in {folder} was made by a labeler that counted titles once", "train again with `labeler train`"
        )
    arrays = read_npz(regular_bytes(folder / ARCHIVE))
    text = regular_bytes(folder / TERMS).decode()
    vocabulary = Vocabulary.of(text.split("\n") if text else [], Tokenizer.WORDS)
    for name, kind in {"idf": np.float32, "top": np.float64}.items():
        arrays[name] = arrays[name].astype(kind)
    arrays["least"] = np.atleast_1d(arrays.get("least", np.zeros(1))).astype(np.float64)
    if "codes" in arrays:
        arrays["weights"] = arrays.pop("codes")
    return arrays | vocabulary_arrays(vocabulary)


def with_perfect_hashing(arrays: Mapping[str, npt.NDArray[Any]]) -> Arrays:
    """The arrays of a model of protocol 3, with perfect hash tables; words and pairs keep their columns.

    Raises:
        LookupError, ValueError: the arrays are damaged.
    """
    from labeler.features.lookup import Lookup
    from labeler.features.terms import Tokenizer
    from labeler.features.vocabulary import Vocabulary, Words

    blocks, begins = arrays["word_blocks"], arrays["word_begins"].tolist()
    texts = [blocks[begin:end].tobytes().rstrip(b"\0").decode() for begin, end in pairwise(begins)]
    pairs = Lookup.of(arrays["pair_keys"])
    words = Words.of(texts, Tokenizer.WORDS)
    vocabulary = Vocabulary(words, arrays["word_columns"], pairs, arrays["pair_columns"], Tokenizer.WORDS)
    return dict(arrays) | vocabulary_arrays(vocabulary)


def vocabulary_arrays(vocabulary: Vocabulary) -> Arrays:
    """The arrays of a vocabulary, by their names in a model's file."""
    import numpy as np

    words = vocabulary.words
    return {
        "word_blocks": words.blocks,
        "word_begins": words.begins,
        "word_keys": words.lookup.keys,
        "word_displacements": words.lookup.displacements,
        "word_slots": words.lookup.slots,
        "seed": np.array([words.seed]),
        "word_columns": vocabulary.word_columns,
        "pair_keys": vocabulary.pairs.keys,
        "pair_displacements": vocabulary.pairs.displacements,
        "pair_slots": vocabulary.pairs.slots,
        "pair_columns": vocabulary.pair_columns,
    }
