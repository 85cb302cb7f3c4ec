"""An output: an outline of Emacs (Org mode), with the topics as tags (https://orgmode.org/manual/Tags.html)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import IO

from labeler.publish.labelled import LabelledPaper

NAME = "org"
ABOUT = "outline of Emacs (Org mode), topics as tags"
SUFFIXES = (".org",)
STREAMS = True  # what is written of one paper does not depend on others


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
    """A headline a paper; ``names`` has the name of each topic, which a tag cannot hold with blanks."""
    for item in papers:
        tags = ":".join(re.sub(r"\W+", "_", topic) for topic, _, _ in item.topics)
        out.write(f"* {item.paper.title}{f' :{tags}:' if tags else ''}\n")
