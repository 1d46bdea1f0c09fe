"""Who loses the right to hear is cut off in the same request."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from local.client import Person
from tests.sdl import committed, operation
from tests.stack.asking import ON_JOB, ON_PAYMENT
from tests.stack.client import PATIENCE_SECONDS, StackClient

Variables = Callable[[Person], Mapping[str, Any]]
CUTS: list[tuple[str, Variables]] = [
    ("Mutation.setDisabled", lambda person: {"userId": person.sub, "disabled": True}),
    ("Mutation.setRole", lambda person: {"userId": person.sub, "role": "USER"}),
    ("Mutation.deleteMe", lambda _: {}),
]


@pytest.mark.parametrize(("field", "variables"), CUTS, ids=lambda each: each if isinstance(each, str) else "")
async def test_a_persons_subscriptions_end_with_their_right(
    client: StackClient, field: str, variables: Variables
) -> None:
    person = await client.new_user(admin=field == "Mutation.setRole")
    by = person if field == "Mutation.deleteMe" else "admin"
    async with client.subscribe(ON_JOB, as_=person) as jobs, client.subscribe(ON_PAYMENT, as_=person) as payments:
        assert not (await client.graphql(operation(committed(), field), variables(person), by)).errors
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert [event for events in (jobs, payments) async for event in events] == []
