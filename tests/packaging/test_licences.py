"""Licences of installed packages, as their metadata tell them."""

from __future__ import annotations

from email.message import Message
from importlib.metadata import Distribution

import pytest

from tests.packaging.licences import is_allowed, licence, needed_by, refused


class Invented(Distribution):
    """An installed package with these fields."""

    def __init__(self, **fields: str) -> None:
        self.fields = fields

    @property
    def metadata(self) -> Message:  # type: ignore[override]
        message = Message()
        message["Name"] = "invented"
        for name, value in self.fields.items():
            message[name.replace("_", "-")] = value
        return message

    def read_text(self, filename: str) -> None:
        return None

    def locate_file(self, path: object) -> None:  # type: ignore[override]
        return None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"License_Expression": "MIT AND ISC", "License": "GPL-3.0"}, "MIT AND ISC"),
        ({"Classifier": "License :: OSI Approved :: Apache Software License"}, "Apache-2.0"),
        ({"Classifier": "License :: OSI Approved", "License": "BSD License"}, "BSD-3-Clause"),
        ({"License": "GNU General Public License v3"}, "? GNU General Public License v3"),
        ({}, "?"),
    ],
)
def test_a_licence_is_read_from_what_a_package_has(fields: dict[str, str], expected: str) -> None:
    assert licence(Invented(**fields)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("(Apache-2.0 OR GPL-2.0-only)", True),
        ("?", False),
    ],
)
def test_of_several_one_is_chosen_and_all_together_must_be_allowed(expression: str, expected: bool) -> None:
    assert is_allowed(expression) is expected


def test_a_package_whose_licence_is_not_known_is_named() -> None:
    packages = [Invented(License_Expression="MIT"), Invented(License="as is")]
    assert refused(packages[:1]) == {}
    assert refused(packages) == {"invented": "? as is"}


def test_what_a_package_needs_is_followed_to_the_end() -> None:
    names = {package.metadata["Name"] for package in needed_by("labeler")}
    assert {"labeler", "typer", "rich", "mdurl"} <= names
    assert not {"pyarrow", "pytest", "ruff"} & names
    assert "pyarrow" in {package.metadata["Name"] for package in needed_by("labeler", ["dask"])}
