"""What each root field is asked on the running stack, about a user's things."""

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from tests.access import Caller
from tests.stack import files
from tests.stack.callers import MODEL, World, book, of_order, wish
from tests.stack.paying import order

PICTURE = {"fileName": "sea.png", "contentType": "image/png", "byteSize": 9, "purpose": "REFERENCE"}
ELSEWHERE = {"name": "Ada", "line1": "2 Lê Lợi", "city": "Huế", "postalCode": "530000", "countryCode": "VN"}
DOLLARS = {"base": "USD", "quote": "SGD"}


def change(world: World, **more: Any) -> dict[str, Any]:
    """Ask for a change of the user's picture."""
    return {"input": wish(image=world.job["id"], **more)}


def gift(person: str) -> dict[str, Any]:
    return {"clientRequestId": str(uuid.uuid4()), "userId": person, "points": 1, "note": "Thank you."}


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


def of_quote(world: World) -> dict[str, Any]:
    return {"items": [book(world)], "currency": "VND", "countryCode": "VN"}


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
