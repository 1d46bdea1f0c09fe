"""Everybody who could ask a field of the running stack, and what one of them has."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
from botocore.credentials import Credentials

from local.client import Answer as Response
from local.client import Person
from tests.access import Caller
from tests.sdl import committed, operation
from tests.stack import realtime_socket
from tests.stack.asking import ON_PAYMENT
from tests.stack.client import StackClient
from tests.stack.event_log import event_log
from tests.stack.paying import Bank, begin, order

SCHEMA = committed()
MODEL = "nanobanana-pro"
SLOW = "a tide that takes its time"
ENDS_ITS_CALLER = {"Mutation.deleteMe"}
_ANONYMOUS = {
    Caller.NOBODY: "nobody",
    Caller.KEY: "api_key",
    Caller.GUEST: "guest",
    Caller.IAM: "iam",
    Caller.ADMIN: "admin",
}


@dataclass
class World:
    """A user with a finished job, a stranger, and everybody else who could ask."""

    client: StackClient
    user: Person
    other: Person
    job: dict[str, Any]
    upload: str
    payment: dict[str, Any]
    album: str = ""
    collage: str = ""
    order: str = ""
    paid_order: str = ""
    begun: str = ""
    picture: str = ""

    @property
    def things(self) -> Mapping[str, str]:
        """The ids of what is the user's, by kind."""
        made = {"album": self.album, "collage": self.collage, "order": self.order}
        return {"job": self.job["id"], "payment": self.payment["id"], **made}

    async def ask(self, caller: Caller, field: str, variables: Mapping[str, Any]) -> Response:
        who = await self.spare(caller) if field in ENDS_ITS_CALLER else self.as_(caller)
        return await self.client.graphql(operation(SCHEMA, field), variables, who)

    async def spare(self, caller: Caller) -> str | Person:
        """Bring somebody of the caller's kind whom nothing else needs."""
        if caller in {Caller.USER, Caller.OTHER, Caller.ADMIN}:
            return await self.client.new_user(admin=caller is Caller.ADMIN)
        return self.as_(caller)

    async def data(self, caller: Caller, field: str, variables: Mapping[str, Any]) -> Any:
        return (await self.ask(caller, field, variables)).data[field.split(".")[1]]

    def as_(self, caller: Caller) -> str | Person:
        people = {Caller.USER: self.user, Caller.OTHER: self.other}
        return people.get(caller) or _ANONYMOUS[caller]

    def credentials(self, caller: Caller) -> realtime_socket.Credentials:
        match caller:
            case Caller.NOBODY:
                return lambda _url, _text: {}
            case Caller.KEY:
                return lambda _url, _text: {"x-api-key": self.client.outputs["apiKey"]}
            case Caller.GUEST:
                return partial(self._signed, self.client.guest)
            case Caller.IAM:  # the account's root, whom IAM allows everything: the schema alone refuses them
                return partial(self._signed, self.client.root)
            case _:
                token = self.client.person(self.as_(caller)).token
                return lambda _url, _text: {"Authorization": token}

    def _signed(self, credentials: Credentials, url: str, text: str) -> Mapping[str, str]:
        headers = {
            "accept": "application/json, text/javascript",
            "content-encoding": "amz-1.0",
            "content-type": "application/json; charset=UTF-8",
        }
        return self.client.signed(credentials, url, text, headers)

    async def in_review(self) -> str:
        """Make a payment of the user's for which another amount was paid."""
        async with event_log(self.client, self.user, document=ON_PAYMENT) as events:
            payment = await begin(self.client, self.user, "VNPAY")
            await Bank(self.client.outputs["bankUrl"]).act(payment, "pay_wrong_amount")
            await events.until(lambda _: any(event["status"] == "REVIEW" for event in events.of(payment["id"])))
        return payment["id"]

    async def ordered(self) -> str:
        """Make an order of the user's that waits to be paid."""
        return (await self.data(Caller.USER, "Mutation.createOrder", {"input": of_order(self)}))["id"]

    async def paid(self) -> str:
        """Make an order of the user's, and pay it: one for all, as a person may have twenty."""
        if self.paid_order:
            return self.paid_order
        self.paid_order = order_ = await self.ordered()
        async with event_log(self.client, self.user, document=ON_PAYMENT) as events:
            given = order("VNPAY", packageId=None, orderId=order_)
            payment = await self.data(Caller.USER, "Mutation.createPayment", {"input": given})
            await Bank(self.client.outputs["bankUrl"]).act(payment, "pay")
            await events.until(lambda _: any(event["status"] == "PAID" for event in events.of(payment["id"])))
        return order_

    async def canceled(self) -> str:
        """Make a job of the user's and cancel it while the model still draws."""
        (job,) = await self.data(Caller.USER, "Mutation.generateImages", {"input": wish(SLOW)})
        canceled = await self.data(Caller.USER, "Mutation.cancelJob", {"id": job["id"]})
        assert canceled["status"] == "CANCELED"
        return canceled["id"]


def wish(prompt: str = "a quiet harbour at dawn", **more: Any) -> dict[str, Any]:
    return {"clientRequestId": str(uuid.uuid4()), "model": MODEL, "prompt": prompt, **more}


def book(world: World) -> dict[str, Any]:
    return {"kind": "ALBUM_PRINT", "albumId": world.album, "quantity": 1}


def of_order(world: World) -> dict[str, Any]:
    address = {"name": "Ada", "line1": "1 Lê Lợi", "city": "Huế", "postalCode": "530000", "countryCode": "VN"}
    return {"clientRequestId": str(uuid.uuid4()), "items": [book(world)], "currency": "VND", "address": address}


async def slow_tides(models_url: str) -> None:
    fault = {"contains": SLOW, "faults": ["slow:8"], "repeat": True}
    async with aiohttp.ClientSession() as session, session.post(f"{models_url}/_faults", json=fault) as answer:
        answer.raise_for_status()
