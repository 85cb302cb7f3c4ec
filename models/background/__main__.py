"""`python -m models.background CORPUS… -o labeler/shipped/background.npz`: learn the background of labeler anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from labeler.digests import read_inputs
from labeler.errors import InputError, LabelerError
from labeler.features.background import save_background
from models.background.build import background_of, with_language
from models.background.encoder import embedded, missing


def main() -> int:
    """Learn the background, print its size, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m models.background", description=__doc__)
    parser.add_argument("inputs", nargs="+", metavar="CORPUS", help="papers in English")
    parser.add_argument("--chinese", metavar="FILE", help="the same papers, or some of them, told in Chinese")
    parser.add_argument("--vectors", type=Path, metavar="DIR", default=Path(".labeler/encoder"), help="kept vectors")
    parser.add_argument("-o", "--output", type=Path, default=Path("labeler/shipped/background.npz"))
    options = parser.parse_args()
    if reason := missing():
        print(f"{reason}; install it with: pip install -e '.[bench]'", file=sys.stderr)
        return 2
    from threadpoolctl import threadpool_limits

    try:
        texts = {paper.id: paper.text for paper in read_inputs(options.inputs).papers}
        vectors = embedded(list(texts.values()), options.vectors, _say)
        with threadpool_limits(1, "blas"):  # so that the same papers give the same file, byte for byte
            background = background_of(list(texts.values()), vectors, options.output.stem, _say)
            if options.chinese:
                told = {paper.id: paper.text for paper in read_inputs([options.chinese]).papers}
                both = sorted(told.keys() & texts.keys())
                if not both:
                    raise InputError(f"no paper of {options.chinese} is one of the corpus", "give the same papers")
                others = [text for name, text in sorted(told.items()) if name not in texts]
                _say(f"vectors of Chinese words from {len(both)} papers in both languages …")
                background = with_language(
                    background, [texts[name] for name in both], [told[name] for name in both], others
                )
        save_background(background, options.output)
    except LabelerError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    size = options.output.stat().st_size / 1e6
    print(f"{options.output}: {len(background.words)} words, {background.vectors.shape[1]} columns, {size:.1f} MB.")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
