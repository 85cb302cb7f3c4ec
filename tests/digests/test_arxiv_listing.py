"""Listings of arXiv, as saved and as copied from a browser. All texts are invented."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, OTHER, altered, assert_complete, only, read

_LISTING = f"""<!DOCTYPE html><html lang="en"><head><title>Machine Learning</title><script>var x = "<dt>";</script></head><body>
<h1>Machine Learning</h1><h3>Showing new listings for Wednesday, 14 January 2026</h3><div class='paging'>Total of 3 entries</div>
<dl id='articles'><h3>New submissions (showing 1 of 1 entries)</h3>
<dt><a name='item1'>[1]</a> <a href ="/abs/2601.88001" title="Abstract" id="2601.88001"> arXiv:2601.88001 </a> [<a href="/pdf/2601.88001">pdf</a>, <a>html</a>]</dt>
<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span> Sorting a &lt;SEG&gt; Day </div>
<div class='list-authors'><a href="https://arxiv.org/search/x">Ann Lee</a>, <a>Bo Ek</a></div><div class='list-comments mathjax'><span class='descriptor'>Comments:</span> 9 pages</div>
<div class='list-journal-ref'><span class='descriptor'>Journal-ref:</span> Inv. Stud. 3</div>
<div class='list-subjects'><span class='descriptor'>Subjects:</span> <span class="primary-subject">Machine Learning (cs.LG)</span>; Digital Libraries (cs.DL)</div>
<p class='mathjax'> {ABSTRACT} </p></div></dd></dl>
<dl><h3>Cross submissions (showing 1 of 1 entries)</h3><dt><a>[2]</a> <a href="/abs/hep-th/9901001">arXiv:hep-th/9901001</a> (cross-list from hep-th) [<a>pdf</a>]</dt>
<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span> Listening to Bridges</div><div class='list-authors'><a>Cleo Diaz</a></div><div class='list-subjects'><span class='descriptor'>Subjects:</span> High Energy Physics (hep-th)</div><p class='mathjax'>{OTHER}</p></div></dd></dl>
<dl><h3>Replacement submissions (showing 1 of 1 entries)</h3><dt>[3] <a>arXiv:2512.88003</a> (replaced) [pdf]</dt><dd><div class='list-title'><span>Title:</span> Decks</div><div class='list-authors'>Dan Fox</div><div class='list-subjects'>Subjects: Methods (stat.ME)</div></dd></dl>
<footer><ul><li>About</li><li>Help</li></ul></footer></body></html>"""


_COPIED = f"""Machine Learning
Showing new listings for Wednesday, 14 January 2026
Total of 3 entries
New submissions (showing 1 of 1 entries)
[1] arXiv:2601.88001 [pdf, html, other]
Title: Sorting a <SEG> Day
Ann Lee, Bo Ek
Comments: 9 pages
Journal-ref: Inv. Stud. 3
Subjects: Machine Learning (cs.LG); Digital Libraries (cs.DL)

{ABSTRACT}

Cross submissions (showing 1 of 1 entries)
[2] arXiv:hep-th/9901001 (cross-list from hep-th) [pdf, html, other]
Title: Listening to Bridges
Cleo Diaz
Subjects: High Energy Physics (hep-th)
{OTHER}

Replacement submissions (showing 1 of 1 entries)
[3] arXiv:2512.88003 (replaced) [pdf, html, other]
Title: Decks
Dan Fox
Subjects: Methods (stat.ME)
"""


_RECENT = """<html><body><h3>Wed, 14 Jan 2026 (showing 2 of 2 entries )</h3><dl><dt><a name="item1">[1]</a>&nbsp;  <span class="list-identifier"><a href="/abs/2601.88001" title="Abstract">arXiv:2601.88001</a> [<a>pdf</a>]</span></dt>
<dd><div class="meta"><div class="list-title mathjax"><span class="descriptor">Title:</span> Sorting a Day</div><div class="list-authors"><span class="descriptor">Authors:</span> <a>Ann Lee</a>, <a>Bo Ek</a></div><div class="list-subjects"><span class="descriptor">Subjects:</span> Learning (cs.LG)</div></div></dd></dl></body></html>"""


@pytest.mark.parametrize(("name", "content"), [("new.html", _LISTING), ("new.txt", _COPIED)])
def test_listing_of_new_papers(tmp_path: Path, name: str, content: str) -> None:
    reading = read(tmp_path, name, content)
    assert list(reading.formats.values()) == ["arxiv_listing"]
    first, crossed, replaced = reading.papers
    assert (first.id, first.title, first.abstract) == ("arxiv:2601.88001", "Sorting a <SEG> Day", ABSTRACT)
    assert (first.authors, first.categories) == (("Ann Lee", "Bo Ek"), ("cs.LG", "cs.DL"))
    assert (first.date, first.venue, first.flags) == ("2026-01-14", "Inv. Stud. 3", ())
    assert (crossed.id, crossed.abstract, crossed.flags) == ("arxiv:hep-th/9901001", OTHER, ("cross_listed",))
    assert (replaced.title, replaced.authors, replaced.flags) == ("Decks", ("Dan Fox",), ("no_abstract", "replaced"))


def test_listing_of_recent_papers(tmp_path: Path) -> None:
    paper = only(tmp_path, _RECENT, "arxiv_listing")
    assert (paper.id, paper.authors, paper.date) == ("arxiv:2601.88001", ("Ann Lee", "Bo Ek"), "2026-01-14")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(altered(_LISTING, _COPIED, _RECENT))
def test_no_listing_is_too_odd(tmp_path: Path, text: str) -> None:
    with suppress(InputError):
        assert_complete(read(tmp_path, "a.html", text.encode("utf-8", "replace"), "arxiv_listing"))
