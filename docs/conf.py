"""How the documentation is built: `make docs` writes it to docs/_build/html, where any browser reads it from disk."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version as version_of
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "labeler"
author = "the authors of labeler"
project_copyright = author
version = release = version_of("labeler")

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "myst_nb",
    "sphinx_design",
    "command_pages",
    "registry_tables",
]
exclude_patterns = ["_build", "watch", "container"]
nitpicky = True  # a name that is nowhere documented fails the build, as `make docs` takes warnings for errors
nitpick_ignore_regex = [
    # What signatures and docstrings name besides links: types of the standard library, numpy, pandas, scikit-learn,
    # whose pages the build does not fetch, and words of numpydoc's type descriptions.
    ("py:.*", r"(?!labeler\.).*"),
]

myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
smartquotes = False  # quotes in commands are those that one types
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 300

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False

html_theme = "pydata_sphinx_theme"
html_title = "labeler"
html_static_path = ["_static"]
html_js_files = ["names.js"]
html_sidebars = {"tutorial/index": [], "limits": []}  # sections of one page
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "show_prev_next": True,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def is_left_out(_app: Sphinx, _what: str, name: str, *_: object) -> bool | None:
    """Leave out what scikit-learn adds to each classifier for its metadata routing: its own pages explain it."""
    return True if re.search(r"\bset_\w+_request$", name) else None


def setup(app: Sphinx) -> None:
    """Connect what is above."""
    app.connect("autodoc-skip-member", is_left_out)
