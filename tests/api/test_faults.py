from __future__ import annotations

import pytest

from labeler.api.faults import ABOUT, CODES, ApiError, api_error
from labeler.errors import InputError, LabelerError, NotFoundError, RefusedError, UsageError


def test_every_status_has_a_code_of_its_own_and_is_described() -> None:
    assert CODES.keys() == ABOUT.keys()
    assert len(set(CODES.values())) == len(CODES)


def test_an_error_is_a_code_and_a_sentence() -> None:
    assert ApiError(413, "at most 3 bytes").to_dict() == {"error": {"code": "too_large", "message": "at most 3 bytes"}}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("no model x", "there are: y"), 404),
        (RefusedError("damaged"), 409),
        (InputError("the log cannot be read"), 409),
        (UsageError("wrong"), 422),
    ],
)
def test_errors_of_labeler_have_a_status_and_keep_their_hint(error: LabelerError, status: int) -> None:
    found = api_error(error)
    assert (found.status, found.message) == (status, str(error))
