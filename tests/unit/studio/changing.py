"""The changes of people that an administrator makes, or they themselves, and what came of them."""

from collections.abc import Callable
from typing import Any

import pytest

from studio.errors import ErrorType, StudioError
from studio.people.change import Changes
from studio.people.model import Caller, Person, Role
from tests.unit.studio.office import Office
from tests.unit.world import NOON

Change = Callable[[Changes, Caller, str], Any]
AWAY = 3  # a budget that finds, writes and finds the row again, and then does not reach Cognito

promote: Change = lambda changes, admin, id_: changes.set_role(admin, id_, Role.ADMIN, NOON)  # noqa: E731
demote: Change = lambda changes, admin, id_: changes.set_role(admin, id_, Role.USER, NOON)  # noqa: E731
disable: Change = lambda changes, admin, id_: changes.set_disabled(admin, id_, True, NOON)  # noqa: E731
enable: Change = lambda changes, admin, id_: changes.set_disabled(admin, id_, False, NOON)  # noqa: E731
rename: Change = lambda changes, _, id_: changes.set_own(_own(id_), {"name": "Grace"}, NOON).after  # noqa: E731


def _own(id_: str) -> Caller:
    return Caller(id_, Role.USER)


def person(office: Office, id_: str) -> Person:
    found = office.world.people.find(id_)
    assert found
    return found


def in_step(office: Office, id_: str) -> bool:
    row = person(office, id_)
    marked = office.world.people.get({"id": id_}) or {}
    return office.at_cognito(id_) == (row.role == Role.ADMIN, not row.disabled, row.name) and not (
        marked.keys() & {"unsettled", "since", "ahead"}
    )


def refused(call: Callable[[], Any]) -> ErrorType:
    with pytest.raises(StudioError) as error:
        call()
    return error.value.type
