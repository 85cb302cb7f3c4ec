"""`python -m models.arxiv CORPUS… -o models/arxiv/1`: make the model that comes with labeler anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from labeler.errors import LabelerError
from models.arxiv.build import build_model


def main() -> int:
    """Build the model, print its size and its figures on later papers, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m models.arxiv", description=__doc__)
    parser.add_argument("inputs", nargs="+", metavar="CORPUS", help="dated arXiv papers with their categories")
    parser.add_argument("-o", "--output", type=Path, default=Path("models/arxiv/1"), help="where to put it")
    options = parser.parse_args()
    try:
        result = build_model(options.inputs, options.output, lambda text: print(text, file=sys.stderr))
    except LabelerError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    figures = ", ".join(f"{name} {figure}" for name, figure in result.measured.items())
    print(f"{result.folder}: {result.topics} topics, {result.bytes / 1e6:.1f} MB; on later papers {figures}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
