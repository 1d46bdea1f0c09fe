"""Somebody who wants another's order, their file, or to have one for less, or for nothing."""

import uuid
from typing import Any

from local.client import Person
from tests.attack.arena import Arena, attack
from tests.stack.files import encoded, noise, upload
from tests.stack.paying import order as payment_of
from tests.stack.printer import call_back, forged

_ADDRESS = {"name": "Trưng Trắc", "line1": "1 Lê Lợi", "city": "Huế", "postalCode": "530000", "countryCode": "VN"}
# What an attacker would like to say of an order of theirs, and of its price.
_SAID = {"status": "COMPLETED", "totalPrice": {"minor": 1, "currency": "USD"}, "customer": "x", "payment": "x"}


async def _album(arena: Arena, person: Person) -> str:
    picture = await upload(arena.client, person, encoded(noise(320, 240), "PNG"))
    given = {"name": "Mine", "photos": [{"id": picture}]}
    return (await arena.ask("Mutation.createAlbum", {"input": given}, person)).data["createAlbum"]["id"]


def _wanted(album: str, kind: str = "ALBUM_PRINT", **more: Any) -> dict[str, Any]:
    items = [{"kind": kind, "albumId": album, "quantity": 1}]
    where = {"address": _ADDRESS} if kind == "ALBUM_PRINT" else {}
    return {"clientRequestId": str(uuid.uuid4()), "items": items, "currency": "USD", **where, **more}


async def _ordered(arena: Arena, person: Person, album: str, **more: Any) -> Any:
    return (await arena.ask("Mutation.createOrder", {"input": _wanted(album, **more)}, person)).data["createOrder"]


@attack("orders", short=True)
async def a_strangers_order_is_as_if_it_were_not(arena: Arena) -> None:
    owner, stranger = await arena.client.new_user(0), await arena.client.new_user(0)
    album = await _album(arena, owner)
    mine = await _ordered(arena, owner, album)
    id_ = mine["id"]
    for as_ in (stranger, "api_key", "nobody", "guest"):
        for name in ("Query.order", "Mutation.cancelOrder", "Mutation.processOrder"):
            await arena.answers_nothing(name, {"id": id_}, as_)
        await arena.answers_nothing("Mutation.changeOrderAddress", {"id": id_, "address": _ADDRESS}, as_)
        await arena.answers_nothing("Mutation.updateOrderStatus", {"id": id_, "status": "CANCELED"}, as_)
    for name in ("Mutation.cancelOrder", "Mutation.processOrder"):
        await arena.answers_nothing(name, {"id": id_}, "admin")
    paying = {"input": payment_of("STRIPE", packageId=None, orderId=id_)}
    await arena.refused("Mutation.createPayment", paying, stranger, "ORDER_UNKNOWN")
    await arena.refused("Mutation.createOrder", {"input": _wanted(album)}, stranger, "DOCUMENT_UNKNOWN")
    listed = await arena.ask("Query.orders", {}, stranger)
    arena.holds(not listed.data["orders"]["items"], "a stranger's list shows another's order")
    now = (await arena.ask("Query.order", {"id": id_}, owner)).data["order"]
    arena.holds((now["status"], now["version"]) == ("PENDING", mine["version"]), f"attempts left the order {now}")


@attack("orders", short=True)
async def the_public_sees_of_an_order_how_it_stands_and_no_more(arena: Arena) -> None:
    owner = await arena.client.new_user(0)
    album = await _album(arena, owner)
    mine = await _ordered(arena, owner, album)
    for as_ in ("api_key", "guest"):
        body = str((await arena.ask("Query.orderStatus", {"id": mine["id"]}, as_)).body)
        for secret in (owner.sub, owner.email, album, _ADDRESS["name"], _ADDRESS["line1"]):
            arena.holds(secret not in body, f"the public sees {secret}")
        await arena.answers_nothing("Query.orderStatus", {"id": str(uuid.uuid4())}, as_)


@attack("orders", short=True)
async def what_an_order_costs_nobody_says_but_the_studio(arena: Arena) -> None:
    owner, stranger = await arena.client.new_user(0), await arena.client.new_user(0)
    album = await _album(arena, owner)
    for name, value in _SAID.items():
        await arena.refused("Mutation.createOrder", {"input": _wanted(album) | {name: value}}, owner)
    asked: dict[str, Any] = {"items": _wanted(album)["items"], "currency": "USD", "countryCode": "VN"}
    quote = (await arena.ask("Query.quoteOrder", {"input": asked}, owner)).data["quoteOrder"]["id"]
    theirs = await _album(arena, stranger)
    await arena.refused("Mutation.createOrder", {"input": _wanted(theirs, quoteId=quote)}, stranger, "QUOTE_UNKNOWN")
    changes: list[dict[str, Any]] = [{"currency": "VND"}, {"items": [asked["items"][0] | {"quantity": 20}]}]
    for change in changes:
        other = _wanted(album, quoteId=quote) | change
        await arena.refused("Mutation.createOrder", {"input": other}, owner, "QUOTE_MISMATCH")
    for quantity in (0, -1, 21, 2**31 - 1):
        many = _wanted(album) | {"items": [asked["items"][0] | {"quantity": quantity}]}
        await arena.refused("Mutation.createOrder", {"input": many}, owner, "QUANTITY_OUT_OF_RANGE")
    mine = await _ordered(arena, owner, album)
    for provider, package in (("VNPAY", None), ("STRIPE", "points-100")):
        paying = {"input": payment_of(provider, packageId=package, orderId=mine["id"])}
        await arena.refused("Mutation.createPayment", paying, owner)


@attack("orders", short=True)
async def an_order_that_is_not_paid_brings_nothing(arena: Arena) -> None:
    """Half its price, a state that its customer would set, a printer's call that nobody made."""
    owner = await arena.client.new_user(0)
    mine = await _ordered(arena, owner, await _album(arena, owner), kind="ALBUM_PDF")
    paying = {"input": payment_of("STRIPE", packageId=None, orderId=mine["id"])}
    payment = (await arena.ask("Mutation.createPayment", paying, owner)).data["createPayment"]
    await arena.bank.act(payment, "pay_wrong_amount")
    await arena.bank.answered(payment)
    await arena.refused("Mutation.processOrder", {"id": mine["id"]}, owner, "ORDER_NOT_PAID")
    for as_ in (owner, "user"):
        await arena.refused(
            "Mutation.updateOrderStatus", {"id": mine["id"], "status": "COMPLETED"}, as_, "Unauthorized"
        )
    await arena.refused("Mutation.publishOrder", {"order": "{}"}, "admin", "Unauthorized")
    for printer_id in (mine["id"], "ord_1", f"ord_{'9' * 300}", "'; --"):
        arena.holds(
            await call_back(arena.client, forged(printer_id)) in {200, 400}, "a forged call was a fault of ours"
        )
    now = (await arena.ask("Query.order", {"id": mine["id"]}, owner)).data["order"]
    arena.holds((now["status"], now["steps"], now["downloads"]) == ("PENDING", [], []), f"it was given: {now}")
