"""Every root field, every kind of caller, on the running stack: allowed or denied as tests/access.py decides.

The operations are made from the schema and ask for everything an answer can hold, so that a type which a permitted
caller may not read fails here too.
"""

import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from botocore.credentials import Credentials

from local.client import Answer as Response
from local.client import Person
from tests.access import DECISIONS, Answer, Caller
from tests.sdl import committed, operation
from tests.stack import files, realtime_socket
from tests.stack.asking import ON_PAYMENT
from tests.stack.client import StackClient
from tests.stack.event_log import event_log
from tests.stack.paying import Bank, begin, order

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCHEMA = committed()
MODEL = "nanobanana-pro"
SLOW = "a tide that takes its time"
_ANONYMOUS = {
    Caller.NOBODY: "nobody",
    Caller.KEY: "api_key",
    Caller.GUEST: "guest",
    Caller.IAM: "iam",
    Caller.ADMIN: "admin",
}
_REFUSALS = {
    "Unauthorized": Answer.FORBIDDEN,
    "UNAUTHORIZED": Answer.REFUSED,
    "UPLOAD_UNKNOWN": Answer.UNKNOWN,
    "JOB_UNKNOWN": Answer.NO_JOB,
    "DOCUMENT_UNKNOWN": Answer.NO_DOCUMENT,
    "UnauthorizedException": Answer.TURNED_AWAY,
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


PICTURE = {"fileName": "sea.png", "contentType": "image/png", "byteSize": 9, "purpose": "REFERENCE"}


def change(world: "World", **more: Any) -> dict[str, Any]:
    """Ask for a change of the user's picture."""
    return {"input": wish(image=world.job["id"], **more)}


def gift(person: str) -> dict[str, Any]:
    return {"clientRequestId": str(uuid.uuid4()), "userId": person, "points": 1, "note": "Thank you."}


async def slow_tides(models_url: str) -> None:
    fault = {"contains": SLOW, "faults": ["slow:8"], "repeat": True}
    async with aiohttp.ClientSession() as session, session.post(f"{models_url}/_faults", json=fault) as answer:
        answer.raise_for_status()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(client: StackClient) -> World:
    await slow_tides(client.outputs["modelsUrl"])
    world = World(client, await client.new_user(50), await client.new_user(), {}, "", {})
    (made,) = await world.data(Caller.USER, "Mutation.generateImages", {"input": wish()})
    await client.ended(made["id"], world.user)
    world.job = await world.data(Caller.USER, "Query.job", {"id": made["id"]})
    assert world.job["status"] == "COMPLETED"
    world.upload = (await world.data(Caller.USER, "Mutation.createUpload", {"input": PICTURE}))["id"]
    await world.data(Caller.ADMIN, "Mutation.setExchangeRate", {**DOLLARS, "rate": 1.3})
    world.album = (await world.data(Caller.USER, "Mutation.createAlbum", {"input": of_job(world)}))["id"]
    world.collage = (await world.data(Caller.USER, "Mutation.createCollage", {"input": poster(world)}))["id"]
    world.order = await world.ordered()
    world.payment = await world.data(Caller.USER, "Mutation.createPayment", {"input": order("VNPAY")})
    return world


async def fixed(variables: dict[str, Any]) -> dict[str, Any]:
    return variables


async def of_spare(world: World, **more: Any) -> dict[str, Any]:
    return {"userId": (await world.client.new_user()).sub, **more}


async def of_reviewed(world: World) -> dict[str, Any]:
    return {"id": await world.in_review(), "decision": "CREDIT", "note": "The difference came by hand."}


async def of_refundable(world: World) -> dict[str, Any]:
    return {"id": await world.in_review(), "note": "It came otherwise than it should."}


async def of_ordered(world: World, **more: Any) -> dict[str, Any]:
    return {"id": await world.ordered(), **more}


async def of_paid(world: World) -> dict[str, Any]:
    return {"id": await world.paid()}


async def of_canceled(world: World, **more: Any) -> dict[str, Any]:
    return {"id": await world.canceled(), **more}


async def of_begun(world: World) -> dict[str, Any]:
    """Begin a payment in the place of the one before: five may wait."""
    if world.begun:
        await world.data(Caller.USER, "Mutation.cancelPayment", {"id": world.begun})
    world.begun = (await world.data(Caller.USER, "Mutation.createPayment", {"input": order("VNPAY")}))["id"]
    return {"id": world.begun}


async def of_brought(world: World) -> dict[str, Any]:
    return {"id": (await world.data(Caller.USER, "Mutation.createUpload", {"input": PICTURE}))["id"]}


async def of_canceled_jobs(world: World) -> dict[str, Any]:
    return {"ids": [await world.canceled()]}


def of_job(world: World) -> dict[str, Any]:
    return {"name": "Harbours", "photos": [{"id": world.job["id"]}]}


def poster(world: World) -> dict[str, Any]:
    return {"name": "A harbour", "template": "POLAROID", "sources": [world.job["id"]]}


async def of_deleted(world: World, kind: str) -> dict[str, Any]:
    given = of_job(world) if kind == "Album" else poster(world)
    return {"id": (await world.data(Caller.USER, f"Mutation.create{kind}", {"input": given}))["id"]}


async def of_me(world: World) -> dict[str, Any]:
    return {"user": json.dumps(await world.data(Caller.USER, "Query.me", {}))}


async def of_own_picture(world: World) -> dict[str, Any]:
    """Bring a picture once, and wait until it has been looked at."""
    world.picture = world.picture or await files.upload(world.client, world.user, files.png(files.noise(64, 48)))
    return {"uploadId": world.picture}


async def of_own_upload(world: World) -> dict[str, Any]:
    return {"upload": json.dumps(await world.data(Caller.USER, "Query.upload", {"id": world.upload}))}


async def of_published(world: World, name: str, id_: str) -> dict[str, Any]:
    return {name: json.dumps(await world.data(Caller.USER, f"Query.{name}", {"id": id_}))}


def book(world: World) -> dict[str, Any]:
    return {"kind": "ALBUM_PRINT", "albumId": world.album, "quantity": 1}


def of_quote(world: World) -> dict[str, Any]:
    return {"items": [book(world)], "currency": "VND", "countryCode": "VN"}


def of_order(world: World) -> dict[str, Any]:
    address = {"name": "Ada", "line1": "1 Lê Lợi", "city": "Huế", "postalCode": "530000", "countryCode": "VN"}
    return {"clientRequestId": str(uuid.uuid4()), "items": [book(world)], "currency": "VND", "address": address}


ELSEWHERE = {"name": "Ada", "line1": "2 Lê Lợi", "city": "Huế", "postalCode": "530000", "countryCode": "VN"}
ENDS_ITS_CALLER = {"Mutation.deleteMe"}
DOLLARS = {"base": "USD", "quote": "SGD"}

# What each field is asked, about the user's things.
VARIABLES: dict[str, Callable[[World], Awaitable[dict[str, Any]]]] = {
    "Query.models": lambda _: fixed({}),
    "Query.quote": lambda _: fixed({"input": {"model": MODEL, "kind": "GENERATE", "count": 2}}),
    "Query.job": lambda world: fixed({"id": world.job["id"]}),
    "Query.jobs": lambda _: fixed({"limit": 5, "filter": {"updatedSince": "2026-11-20T12:00:00Z"}}),
    "Query.jobStatus": lambda world: fixed({"id": world.job["id"]}),
    "Query.download": lambda world: fixed({"jobId": world.job["id"]}),
    "Query.verifyImage": of_own_picture,
    "Query.moreLike": lambda world: fixed({"jobId": world.job["id"]}),
    "Query.upload": lambda world: fixed({"id": world.upload}),
    "Query.uploads": lambda _: fixed({"purpose": "REFERENCE", "limit": 5}),
    "Query.album": lambda world: fixed({"id": world.album}),
    "Query.albums": lambda _: fixed({"limit": 5}),
    "Query.collage": lambda world: fixed({"id": world.collage}),
    "Query.collages": lambda _: fixed({"limit": 5}),
    "Mutation.createAlbum": lambda world: fixed({"input": of_job(world)}),
    "Mutation.updateAlbum": lambda world: fixed({"id": world.album, "input": {"name": "Harbours"}}),
    "Mutation.deleteAlbum": lambda world: of_deleted(world, "Album"),
    "Mutation.renderAlbum": lambda world: fixed({"id": world.album, "product": "SCREEN"}),
    "Mutation.createCollage": lambda world: fixed({"input": poster(world)}),
    "Mutation.updateCollage": lambda world: fixed(
        {"id": world.collage, "input": {"name": "A harbour", "template": "POLAROID"}}
    ),
    "Mutation.deleteCollage": lambda world: of_deleted(world, "Collage"),
    "Mutation.renderCollage": lambda world: fixed({"id": world.collage}),
    "Mutation.publishAlbum": lambda world: of_published(world, "album", world.album),
    "Mutation.publishCollage": lambda world: of_published(world, "collage", world.collage),
    "Subscription.onAlbum": lambda world: fixed({"customer": world.user.sub}),
    "Subscription.onCollage": lambda world: fixed({"customer": world.user.sub}),
    "Query.me": lambda _: fixed({}),
    "Query.usage": lambda _: fixed({}),
    "Query.pointsHistory": lambda _: fixed({"limit": 5}),
    "Query.jobsByStatus": lambda _: fixed({"status": "COMPLETED", "limit": 5}),
    "Mutation.generateImages": lambda _: fixed({"input": wish()}),
    "Mutation.editImage": lambda world: fixed(change(world, mode="INPAINT_REMOVE", mask=world.job["id"])),
    "Mutation.syncCamera": lambda world: fixed(change(world, yaw=10.0, pitch=0.0)),
    "Mutation.transferTexture": lambda world: fixed(change(world, texture=world.job["id"])),
    "Mutation.upscaleImage": lambda world: fixed(change(world)),
    "Mutation.removeBackground": lambda world: fixed(change(world, model="stable-image")),
    "Mutation.varyImage": lambda world: fixed(change(world)),
    "Mutation.createUpload": lambda _: fixed({"input": PICTURE}),
    "Mutation.deleteUpload": of_brought,
    "Mutation.cancelJob": of_canceled,
    "Mutation.cancelRequest": lambda _: fixed({"requestId": str(uuid.uuid4())}),
    "Mutation.deleteJobs": of_canceled_jobs,
    "Mutation.retryJob": lambda world: of_canceled(world, clientRequestId=str(uuid.uuid4())),
    "Mutation.deleteJob": of_canceled,
    "Mutation.setJobSharing": lambda world: of_canceled(world, shared=False),
    "Mutation.updateJob": lambda world: of_canceled(world, favorite=True, tags=["cover"]),
    "Mutation.grantPoints": lambda world: fixed({"input": gift(world.user.sub)}),
    "Query.user": lambda world: fixed({"id": world.user.sub}),
    "Query.users": lambda _: fixed({"limit": 5}),
    "Query.pointsHistoryOf": lambda world: fixed({"userId": world.user.sub, "limit": 5}),
    "Query.auditTrail": lambda world: fixed({"subject": world.user.sub, "limit": 5}),
    "Query.pointPackages": lambda _: fixed({}),
    "Query.exchangeRate": lambda _: fixed(DOLLARS),
    "Query.priceList": lambda _: fixed({"currency": "VND"}),
    "Query.quoteOrder": lambda world: fixed({"input": of_quote(world)}),
    "Query.collageTemplates": lambda _: fixed({}),
    "Query.order": lambda world: fixed({"id": world.order}),
    "Query.orders": lambda _: fixed({"limit": 5}),
    "Query.ordersByStatus": lambda _: fixed({"status": "PENDING", "limit": 5}),
    "Query.orderStatus": lambda world: fixed({"id": world.order}),
    "Mutation.cancelOrder": of_ordered,
    "Mutation.changeOrderAddress": lambda world: fixed({"id": world.order, "address": ELSEWHERE}),
    "Mutation.processOrder": of_paid,
    "Mutation.updateOrderStatus": lambda world: of_ordered(world, status="CANCELED"),
    "Mutation.publishOrder": lambda world: of_published(world, "order", world.order),
    "Subscription.onOrder": lambda world: fixed({"customer": world.user.sub}),
    "Mutation.createOrder": lambda world: fixed({"input": of_order(world)}),
    "Query.payment": lambda world: fixed({"id": world.payment["id"]}),
    "Query.payments": lambda _: fixed({"limit": 5}),
    "Query.paymentsByStatus": lambda _: fixed({"status": "PENDING", "limit": 5}),
    "Query.paymentEvents": lambda world: fixed({"paymentId": world.payment["id"], "limit": 5}),
    "Mutation.updateMe": lambda _: fixed({"input": {"name": "Ada"}}),
    "Mutation.deleteMe": lambda _: fixed({}),
    "Mutation.setRole": lambda world: of_spare(world, role="USER"),
    "Mutation.setDisabled": lambda world: of_spare(world, disabled=True),
    "Mutation.cancelPayment": of_begun,
    "Mutation.createPayment": lambda _: fixed({"input": order("VNPAY")}),
    "Mutation.resolvePayment": of_reviewed,
    "Mutation.refundPayment": of_refundable,
    "Mutation.setExchangeRate": lambda _: fixed({**DOLLARS, "rate": 1.31}),
    "Mutation.publishPayment": lambda world: fixed({"payment": json.dumps(world.payment)}),
    "Mutation.publishJob": lambda world: fixed({"job": json.dumps(world.job)}),
    "Mutation.publishJobDeleted": lambda world: fixed({"job": json.dumps({"id": "1", "owner": world.user.sub})}),
    "Mutation.publishShutOut": lambda _: fixed({"person": json.dumps({"owner": "nobody"})}),
    "Mutation.publishUser": of_me,
    "Mutation.publishUpload": of_own_upload,
    "Subscription.onJobDeleted": lambda world: fixed({"owner": world.user.sub}),
    "Subscription.onMe": lambda world: fixed({"owner": world.user.sub}),
    "Subscription.onUpload": lambda world: fixed({"owner": world.user.sub}),
    "Subscription.onJob": lambda world: fixed({"owner": world.user.sub}),
    "Subscription.onPayment": lambda world: fixed({"owner": world.user.sub}),
}
CELLS = [(field, caller) for field in DECISIONS for caller in Caller]


@pytest.mark.parametrize(("field", "caller"), [cell for cell in CELLS if not cell[0].startswith("Subscription.")])
async def test_a_field_answers_a_caller_as_decided(world: World, field: str, caller: Caller) -> None:
    response = await world.ask(caller, field, await VARIABLES[field](world))
    decision = DECISIONS[field].of(caller)
    assert answer_of(response) is decision
    assert (response.status == 401) is (decision is Answer.TURNED_AWAY)


def answer_of(response: Response) -> Answer:
    if response.errors:
        (type_,) = set(response.error_types)
        assert type_ in _REFUSALS, response.errors
        return _REFUSALS[type_]
    (value,) = response.data.values()
    return Answer.NULL if value is None else Answer.DATA


@pytest.mark.parametrize(("field", "caller"), [cell for cell in CELLS if cell[0].startswith("Subscription.")])
async def test_a_subscription_takes_a_caller_as_decided(world: World, field: str, caller: Caller) -> None:
    url, variables = world.client.outputs["graphqlUrl"], await VARIABLES[field](world)
    refusal = await realtime_socket.start(url, world.credentials(caller), operation(SCHEMA, field), variables)
    answer = Answer.DATA if refusal is None else _REFUSALS[refusal]
    assert answer is DECISIONS[field].of(caller)


async def test_what_a_guest_may_not_ask_stays_unanswered_beside_what_they_may(world: World) -> None:
    response = await world.client.graphql("{ models { id } me { id } }", as_="guest")
    assert response.error_types == ["Unauthorized"]
    assert not (response.body["data"] or {}).get("me")


@pytest.mark.parametrize(
    ("field", "caller"),
    [cell for cell in CELLS if cell[0].startswith("Mutation.") and DECISIONS[cell[0]].of(cell[1]) is Answer.NULL],
)
async def test_a_strangers_change_changes_nothing(world: World, field: str, caller: Caller) -> None:
    kind = next((kind for kind in ("album", "collage", "order") if kind.capitalize() in field), "job")
    before = await world.data(Caller.USER, f"Query.{kind}", {"id": world.things[kind]})
    given = {**await VARIABLES[field](world), "id": world.things[kind]}
    assert await world.data(caller, field, given) is None
    now = await world.data(Caller.USER, f"Query.{kind}", {"id": world.things[kind]})
    assert without_links(now) == without_links(before)


def without_links(answer: Any) -> Any:
    """Return an answer without what is signed anew each time."""
    if isinstance(answer, list):
        return [without_links(each) for each in answer]
    if isinstance(answer, dict):
        return {name: without_links(each) for name, each in answer.items() if name not in {"url", "expiresAt"}}
    return answer


LISTS = ("jobs", "pointsHistory", "usage", "me", "payments", "albums", "collages", "orders")


@pytest.mark.parametrize("caller", [Caller.OTHER, Caller.ADMIN])
@pytest.mark.parametrize("field", [f"Query.{name}" for name in LISTS])
async def test_what_is_ones_own_holds_nothing_of_anybody_else(world: World, field: str, caller: Caller) -> None:
    shown = json.dumps(await world.data(caller, field, {}))
    assert world.job["id"] not in shown
    assert world.payment["id"] not in shown
    assert world.user.sub not in shown


@pytest.mark.parametrize("thing", ["job", "payment", "album", "collage", "order"])
async def test_a_strangers_thing_looks_like_one_that_never_was(world: World, thing: str) -> None:
    foreign = await world.ask(Caller.OTHER, f"Query.{thing}", {"id": world.things[thing]})
    nothing = await world.ask(Caller.OTHER, f"Query.{thing}", {"id": str(uuid.uuid4())})
    assert foreign.body == nothing.body == {"data": {thing: None}}


async def test_what_is_no_longer_shared_looks_to_all_others_like_one_that_never_was(world: World) -> None:
    id_ = await world.canceled()
    await world.data(Caller.USER, "Mutation.setJobSharing", {"id": id_, "shared": False})
    for caller in (Caller.KEY, Caller.GUEST, Caller.OTHER, Caller.IAM):
        view = await world.ask(caller, "Query.jobStatus", {"id": id_})
        assert view.body == {"data": {"jobStatus": None}}
        link = await world.ask(caller, "Query.download", {"jobId": id_})
        assert link.error_types == ["JOB_UNKNOWN"]
    for caller in (Caller.USER, Caller.ADMIN):
        assert (await world.data(caller, "Query.jobStatus", {"id": id_}))["id"] == id_


@pytest.mark.parametrize("field", ["Query.jobs", "Query.pointsHistory"])
async def test_a_page_token_is_of_no_use_to_anybody_else(world: World, field: str) -> None:
    await world.data(Caller.USER, "Mutation.generateImages", {"input": wish()})
    token = (await world.data(Caller.USER, field, {"limit": 1}))["nextToken"]
    refused = await world.ask(Caller.OTHER, field, {"limit": 1, "nextToken": token})
    assert refused.error_types == ["PAGE_TOKEN_INVALID"]
