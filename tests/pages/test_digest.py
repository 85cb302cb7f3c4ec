"""The page of a digest: what its policy lets run is what the page holds."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

from labeler.pages.digest import digest_page
from labeler.pages.render import Templates
from labeler.publish.sections import digest_of
from tests.publish.factories import NAMES, labelled, paper


def page(title: str = "Sorting Papers") -> str:
    digest = digest_of([labelled(paper(title))], NAMES)
    return "".join(digest_page(Templates(), **digest._asdict()))


def hashes(text: str, tag: str) -> list[str]:
    """The sources of what stands in tags, as a policy names them."""
    inner = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    return [f"'sha256-{b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inner]


def test_style_and_script_run_by_their_hashes_and_nothing_else_does() -> None:
    text = page()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy"\s+content="([^"]*)"', text)
    policy = policy.replace("&#39;", "'")
    assert "default-src 'none'" in policy
    assert [source in policy for source in (*hashes(text, "script"), *hashes(text, "style"))] == [True, True]
    assert "unsafe" not in policy


def test_nothing_comes_from_elsewhere() -> None:
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", page())
    assert "<script>alert" not in page("<script>alert(1)</script>")
