"""What requests and answers hold, as types: pydantic checks requests by them, and they are the OpenAPI document's."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

MOST_PAPERS = 1000  # of a request
MOST_EXPLAINED = 50  # papers of a request: an explanation has each topic and word
_MOST_TOPICS = 1000
_LONGEST_NAME = 1000  # letters of a model or a topic
Name = Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME)]
Text = str | list[str] | None
_ANY = "in any form that `labeler read` takes"


class GivenPaper(TypedDict, total=False):
    """A paper: a title, an abstract or both. Other fields, and other names of these, are read as in JSON digests."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    title: Annotated[Text, Field(description="The title.")]
    abstract: Annotated[Text, Field(description="The abstract, without which the topics are less sure.")]
    ids: Annotated[Any, Field(description=f"Identifiers (arXiv, DOI, PMID, …), {_ANY}.")]
    authors: Annotated[Any, Field(description=f"The authors, {_ANY}.")]
    date: Annotated[Any, Field(description=f"The date, {_ANY}.")]
    url: Annotated[Any, Field(description=f"The address, {_ANY}.")]
    categories: Annotated[Any, Field(description=f"Categories of arXiv or another service, {_ANY}.")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    model: Name | None = Field(None, description="`NAME` or `NAME@VERSION`; without it, the model in use.")


class LabelRequest(_Request):
    """Papers to be labelled."""

    papers: list[GivenPaper] = Field(max_length=MOST_PAPERS, description="The papers.")
    topics: list[Name] = Field(
        default_factory=list,
        max_length=_MOST_TOPICS,
        description="Names or ids: only papers of one of these topics are answered, or likely listed there.",
    )
    only: list[Literal["auto", "review", "none", "judged"]] = Field(
        default_factory=list, max_length=4, description="Only papers with one of these decisions are answered."
    )
    sets: float | None = Field(
        None, gt=0, lt=1, description="Also a set of topics for each paper, which lacks the right one in this share."
    )


class ExplainRequest(_Request):
    """Papers whose scores are to be explained."""

    papers: list[GivenPaper] = Field(max_length=MOST_EXPLAINED, description="The papers.")
    topics: list[Name] = Field(
        default_factory=list, max_length=_MOST_TOPICS, description="Names or ids: only these topics are explained."
    )


class Paper(BaseModel):
    """The fields of a paper, as `labeler read --json` has them."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(description="The best of its identifiers.")
    ids: list[str]
    title: str
    abstract: str
    authors: list[str]
    date: str | None
    url: str | None
    categories: list[str]
    source: str | None
    flags: list[str]


class TopicOfPaper(BaseModel):
    """A topic that a paper was given."""

    model_config = ConfigDict(extra="allow")

    topic: str = Field(description="The topic's id.")
    probability: float | None = Field(description="None where only people gave it, and the model does not know it.")
    because: list[str] = Field(description="The words that add most to its score.")


class LabelledPaper(Paper):
    """A labelled paper: the object that `labeler label` writes as a JSON line."""

    topics: list[TopicOfPaper] = Field(description="Those decided yes, the most probable first.")
    scores: dict[str, float | None] = Field(description="The probability of each topic, by its id.")
    decision: Literal["auto", "review", "none", "judged"]
    reason: str | None = Field(description="Why the paper is for review.")
    model: str = Field(description="`NAME@VERSION`.")
    torn: list[str | None] = Field(description="The topics between which the paper lies.")


class Contribution(BaseModel):
    """A term of a paper, and what it adds to the score of a topic."""

    model_config = ConfigDict(extra="allow")

    term: str
    adds: float


class Explanation(BaseModel):
    """Why a topic has its score: `base` and all contributions sum to it."""

    model_config = ConfigDict(extra="allow")

    topic: str
    probability: float | None
    score: float | None
    base: float | None
    contributions: list[Contribution]


class Neighbour(BaseModel):
    """A judged paper that is like the paper."""

    paper: str
    title: str
    topics: list[str]
    similarity: float


class ExplainedPaper(Paper):
    """The paper, the explanation of each topic's score and the judged papers most like it."""

    explanations: list[Explanation] = Field(description="The largest score first.")
    nearest: list[Neighbour]
    model: str = Field(description="`NAME@VERSION`.")


class RefusedPaper(BaseModel):
    """An entry that is no paper."""

    position: int = Field(description="Where it stands in `papers`, from 0.")
    reason: str


class LabelAnswer(BaseModel):
    """The labelled papers, in the order of the request."""

    model: str = Field(description="The model that labelled them, `NAME@VERSION`.")
    papers: list[LabelledPaper]
    refused: list[RefusedPaper]


class ExplainAnswer(BaseModel):
    """The explained papers, in the order of the request."""

    model: str = Field(description="The model whose scores these are, `NAME@VERSION`.")
    papers: list[ExplainedPaper]
    refused: list[RefusedPaper]


class Topic(BaseModel):
    """A topic: its id, which stays, and its name, which may change."""

    id: str
    name: str


class ModelVersion(BaseModel):
    """A version of a model."""

    model: str = Field(description="`NAME@VERSION`.")
    current: bool = Field(description="Whether requests that name no model are answered by it.")
    created: str
    mode: Literal["single", "multi"] = Field(description="Whether a paper has one topic, or any number.")
    topics: list[Topic] = Field(description="As it was trained; `/label` gives those of the scheme of today.")
    shipped: bool = Field(description="Whether it came with labeler.")


class DamagedModel(BaseModel):
    """A version that cannot be used, and why."""

    model: str
    fault: str


class ModelsAnswer(BaseModel):
    """The versions there are."""

    models: list[ModelVersion]
    damaged: list[DamagedModel]


class HealthAnswer(BaseModel):
    """Whether all is well."""

    status: Literal["ok", "degraded"] = Field(
        description="`degraded`: it answers, by a model that is not the one in use."
    )
    model: str = Field(description="The model that requests are answered by, `NAME@VERSION`.")
    problem: str | None = Field(description="Why the model in use, or the scheme, was not taken up.")
    version: str = Field(description="The version of labeler.")


class Fault(BaseModel):
    """What went wrong: a code for programs, and a sentence for people."""

    code: str
    message: str


class ErrorAnswer(BaseModel):
    """Every error is answered so."""

    error: Fault
