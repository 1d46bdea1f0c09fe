"""What is read, decided and written again where it changed meanwhile."""

import pytest

from studio.dynamo import ConditionFailed
from studio.errors import ContendedError, ErrorType, StudioError
from studio.optimistic import retry


def test_it_is_done_again_until_nothing_changed_in_between() -> None:
    outcomes = [ConditionFailed({}), ConditionFailed({}), "done"]

    def attempt() -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert retry(attempt) == "done"
    assert outcomes == []


def test_what_changes_at_every_try_ends() -> None:
    tries: list[int] = []

    def attempt() -> None:
        tries.append(1)
        raise ConditionFailed({})

    with pytest.raises(ContendedError):
        retry(attempt)
    assert 5 <= len(tries) <= 20


def test_any_other_refusal_is_told_at_once() -> None:
    def attempt() -> None:
        raise StudioError(ErrorType.JOB_NOT_FINISHED, "Not yet.")

    with pytest.raises(StudioError):
        retry(attempt)
