"""The page of a digest: one file in HTML that asks for nothing from anywhere.

Its policy (https://www.w3.org/TR/CSP3/) lets its own style and script run, by their hashes, and nothing else.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from markupsafe import Markup

from labeler.pages.render import Templates


def digest_page(templates: Templates, **values: Any) -> Iterable[str]:
    """The page in pieces; ``values`` are those of the template ``digest.html``."""
    style = templates.render("style.css") + templates.render("digest.css")
    script = templates.text("digest.js")
    policy = (
        f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    own = {"style": Markup(style), "script": Markup(script), "policy": policy}  # noqa: S704  (files of the templates)
    return templates.pieces("digest.html", **own, **values)


def _source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
