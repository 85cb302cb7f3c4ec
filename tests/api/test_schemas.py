from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from labeler.api import schemas


@pytest.mark.parametrize("kind", [schemas.LabelRequest, schemas.ExplainRequest])
def test_papers_keep_fields_that_are_not_declared(kind: Any) -> None:
    papers = [{"title": ["One", "Two"], "summary": "s", "authors": {"any": [1, None]}}, {}]
    request = kind.model_validate({"papers": papers})
    assert (request.papers, request.model, request.topics) == (papers, None, [])


@pytest.mark.parametrize("kind", [schemas.LabelRequest, schemas.ExplainRequest])
def test_types_are_not_guessed_and_options_that_are_unknown_are_refused(kind: Any) -> None:
    for wrong in ({"papers": [{"title": True}]}, {"papers": {}}, {"papers": [], "topics": "x"}, {"papers": [], "y": 1}):
        with pytest.raises(ValidationError):
            kind.model_validate(wrong)


def test_fewer_papers_are_explained_than_labelled() -> None:
    papers = [{"title": "x"}] * (schemas.MOST_EXPLAINED + 1)
    assert len(schemas.LabelRequest.model_validate({"papers": papers}).papers) == len(papers)
    with pytest.raises(ValidationError):
        schemas.ExplainRequest.model_validate({"papers": papers})


def test_every_type_says_what_it_is() -> None:
    kinds = [kind for kind in vars(schemas).values() if isinstance(kind, type) and issubclass(kind, BaseModel)]
    assert all(kind.__doc__ for kind in kinds if not kind.__name__.startswith("_") and kind is not BaseModel)
