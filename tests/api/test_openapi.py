from __future__ import annotations

import json
from typing import Any

import pytest

from labeler.api.app import OPERATIONS
from labeler.api.openapi import document


@pytest.mark.parametrize("with_tokens", [True, False])
def test_each_path_says_what_it_takes_and_answers(with_tokens: bool) -> None:
    found = document(OPERATIONS, with_tokens)
    assert {path: list(methods) for path, methods in found["paths"].items()} == {
        "/label": ["post"], "/explain": ["post"], "/models": ["get"], "/health": ["get"],
    }  # fmt: skip
    label, health = found["paths"]["/label"]["post"], found["paths"]["/health"]["get"]
    refused = "401" if with_tokens else "403"
    assert list(label["responses"]) == sorted(["200", "400", refused, "404", "409", "413", "415", "422"])
    assert list(health["responses"]) == ["200", refused]
    assert ("security" in found) is with_tokens
    assert ("securitySchemes" in found["components"]) is with_tokens


def test_every_reference_leads_somewhere() -> None:
    found = document(OPERATIONS, True)
    names = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            names.update([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
            value = list(value.values())
        if isinstance(value, list):
            list(map(walk, value))

    walk(found)
    assert names
    assert {name.removeprefix("#/components/schemas/") for name in names} <= found["components"]["schemas"].keys()
    assert json.loads(json.dumps(found)) == found
