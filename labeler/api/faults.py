"""What goes wrong with a request, in one form: a status of HTTP, a code for programs, and a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from labeler.errors import LabelerError, NotFoundError, UsageError

CODES = {
    400: "not_json",
    401: "unauthorized",
    403: "wrong_host",
    404: "not_found",
    405: "method_not_allowed",
    409: "unusable",
    413: "too_large",
    415: "not_json_media_type",
    422: "invalid",
    500: "fault",
}  # of each status
ABOUT = {
    400: "The body is not JSON, or is nested too deep.",
    401: "The token is missing or wrong.",
    403: "Without a token, requests are answered that were sent to this machine by its own name alone.",
    404: "There is no such path, model or topic.",
    405: "The path does not take this method.",
    409: "The model is damaged, or the files of the workspace cannot be used.",
    413: "The body is larger than is read.",
    415: "The body is not said to be `application/json`.",
    422: "The JSON is not what this path takes.",
    500: "A fault of labeler itself.",
}  # in the OpenAPI document


class ApiError(Exception):
    """A request that is not carried out: the ``status``, one of :data:`CODES`, and a ``message`` in one sentence."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers

    def to_dict(self) -> dict[str, dict[str, str]]:
        """The body of the answer."""
        return {"error": {"code": CODES[self.status], "message": self.message}}


def api_error(error: LabelerError) -> ApiError:
    """What a request is answered that met an error of labeler."""
    status = 404 if isinstance(error, NotFoundError) else 422 if isinstance(error, UsageError) else 409
    return ApiError(status, str(error))
