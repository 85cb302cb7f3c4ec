"""The OpenAPI document (https://spec.openapis.org/oas/v3.1.0), made from the operations and their types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from labeler.api.faults import ABOUT
from labeler.api.schemas import ErrorAnswer

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """What one path does: what it takes and answers. ``asks`` is None where there is no body."""

    path: str
    name: str
    summary: str
    answers: type[BaseModel]
    asks: type[BaseModel] | None = None

    @property
    def method(self) -> str:
        """The method of HTTP."""
        return "POST" if self.asks else "GET"


def document(operations: Sequence[Operation], with_tokens: bool) -> dict[str, Any]:
    """The document; ``with_tokens`` says that requests need one."""
    asks = dict.fromkeys(one.asks for one in operations if one.asks)
    answers: list[type[BaseModel]] = [ErrorAnswer, *(one.answers for one in operations)]
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "validation") for model in asks),
        *((model, "serialization") for model in answers),
    ]
    references, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    paths = {
        one.path: {
            one.method.lower(): {
                "operationId": one.name,
                "summary": one.summary,
                **({"requestBody": _body(references[one.asks, "validation"])} if one.asks else {}),
                "responses": {
                    "200": _answer(_first_line(one.answers), references[one.answers, "serialization"]),
                    **{
                        str(status): _answer(ABOUT[status], references[ErrorAnswer, "serialization"])
                        for status in _statuses(one, with_tokens)
                    },
                },
            }
        }
        for one in operations
    }
    security: dict[str, Any] = {"security": [{"token": []}]} if with_tokens else {}
    schemes = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}} if with_tokens else {}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "labeler",
            "version": version("labeler"),
            "description": "Topics for papers, with probabilities and the words behind them.",
        },
        "paths": paths,
        "components": {"schemas": schemas["$defs"], **schemes},
        **security,
    }


def _statuses(operation: Operation, with_tokens: bool) -> list[int]:
    """The errors that an operation may answer with."""
    of_bodies = [400, 404, 409, 413, 415, 422] if operation.asks else []
    return sorted([401 if with_tokens else 403, *of_bodies])


def _body(schema: Any) -> dict[str, Any]:
    return {"required": True, "content": {JSON: {"schema": schema}}}


def _answer(description: str, schema: Any) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]
