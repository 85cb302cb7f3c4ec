"""`python -m models.fields CORPUS… -o labeler/shipped/fields.npz`: make the map of fields of labeler anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from labeler.digests import read_inputs
from labeler.errors import LabelerError
from labeler.features.background import shipped
from labeler.files import write_bytes
from models.fields.build import field_map_of


def main() -> int:
    """Make the map, print its size, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m models.fields", description=__doc__)
    parser.add_argument("inputs", nargs="+", metavar="CORPUS", help="papers of arXiv with their categories")
    parser.add_argument("-o", "--output", type=Path, default=Path("labeler/shipped/fields.npz"))
    options = parser.parse_args()
    from threadpoolctl import threadpool_limits

    try:
        papers = {paper.id: paper for paper in read_inputs(options.inputs).papers if paper.categories}
        known = [paper for _, paper in sorted(papers.items())]
        with threadpool_limits(1):  # so that the same papers give the same file, byte for byte
            data = field_map_of(
                shipped(), [paper.text for paper in known], [paper.categories[0] for paper in known], _say
            )
        write_bytes(options.output, data)
    except LabelerError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"{options.output}: {len(data) / 1e6:.1f} MB.")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
