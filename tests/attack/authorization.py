"""Somebody signed in, or nobody, who wants what is not theirs."""

import asyncio
import uuid
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from local.client import sign_in
from tests.access import DECISIONS, Answer, Caller
from tests.attack.arena import SCHEMA, Arena, attack
from tests.sdl import operation
from tests.stack import realtime_socket
from tests.stack.paying import order

_ID = str(uuid.UUID(int=7))
# Something for each argument that an administrator's or the system's field may ask for.
_GIVEN: dict[str, Any] = {
    "id": _ID, "userId": _ID, "paymentId": _ID, "subject": _ID, "status": "PENDING", "limit": 5, "role": "ADMIN",
    "disabled": True, "decision": "CREDIT", "note": "Please.", "base": "USD", "quote": "VND", "rate": 1.0,
    "job": "{}", "payment": "{}", "album": "{}", "collage": "{}", "order": "{}", "user": "{}", "upload": "{}",
    "person": "{}",
}  # fmt: skip


def _variables(name: str) -> dict[str, Any]:
    root, field = name.split(".")
    arguments: Any = getattr(SCHEMA.get_type(root), "fields")[field].args  # noqa: B009 - an object type's
    given = {each: _GIVEN[each] for each in arguments if each in _GIVEN}
    if "input" in arguments:
        given["input"] = {"clientRequestId": _ID, "userId": _ID, "points": 1, "note": "Please."}
    return given


@attack("authorization", short=True)
async def fields_of_administrators_and_of_the_system_answer_nobody_else(arena: Arena) -> None:
    closed = [name for name, decision in DECISIONS.items() if decision.of(Caller.USER) is Answer.FORBIDDEN]
    for name in closed:
        for as_ in ("nobody", "api_key", "guest", "user"):
            await arena.refused(name, _variables(name), as_, "Unauthorized", "UnauthorizedException")
        if DECISIONS[name].of(Caller.ADMIN) is Answer.FORBIDDEN:
            await arena.refused(name, _variables(name), "admin", "Unauthorized")


@attack("authorization", short=True)
async def a_strangers_job_and_payment_are_as_if_they_were_not(arena: Arena) -> None:
    owner, stranger = await arena.client.new_user(5), await arena.client.new_user(5)
    (job,) = await arena.client.generate(owner)
    paying = (await arena.ask("Mutation.createPayment", {"input": order("VNPAY")}, owner)).data["createPayment"]
    for as_ in (stranger, "api_key", "nobody", "guest"):
        for name in ("Query.job", "Mutation.cancelJob", "Mutation.deleteJob"):
            await arena.answers_nothing(name, {"id": job["id"]}, as_)
        await arena.answers_nothing("Mutation.retryJob", {"id": job["id"], "clientRequestId": _ID}, as_)
        for name in ("Query.payment", "Mutation.cancelPayment"):
            await arena.answers_nothing(name, {"id": paying["id"]}, as_)
    for given in ({"image": job["id"]}, {"image": job["id"], "mask": job["id"]}):
        change = {"input": {"clientRequestId": str(uuid.uuid4()), "model": "nanobanana-pro", **given}}
        await arena.refused("Mutation.editImage", {"input": change["input"] | {"mode": "INPAINT_REMOVE"}}, stranger)
        await arena.refused("Mutation.transferTexture", {"input": change["input"] | {"texture": job["id"]}}, stranger)
        for name in ("Mutation.upscaleImage", "Mutation.removeBackground", "Mutation.varyImage"):
            await arena.refused(
                name, {"input": {"clientRequestId": _ID, "model": "stable-image", "image": job["id"]}}, stranger
            )
    referring = arena.wish(references=[job["id"]])
    await arena.refused("Mutation.generateImages", {"input": referring}, stranger, "UPLOAD_UNKNOWN")
    ended = await arena.client.ended(job["id"], owner)
    arena.holds(ended["status"] == "COMPLETED", f"a stranger's attempts left the job {ended}")


@attack("authorization", short=True)
async def a_strangers_album_and_its_pictures_are_as_if_they_were_not(arena: Arena) -> None:
    owner, stranger = await arena.client.new_user(5), await arena.client.new_user(5)
    (job,) = await arena.client.generate(owner)
    await arena.client.ended(job["id"], owner)
    album = {"name": "Mine", "photos": [{"id": job["id"]}]}
    made = (await arena.ask("Mutation.createAlbum", {"input": album}, owner)).data["createAlbum"]
    for as_ in (stranger, "admin", "api_key", "nobody", "guest"):
        await arena.answers_nothing("Query.album", {"id": made["id"]}, as_)
        await arena.answers_nothing("Query.collage", {"id": made["id"]}, as_)
        await arena.answers_nothing("Mutation.deleteAlbum", {"id": made["id"]}, as_)
        await arena.answers_nothing("Mutation.updateAlbum", {"id": made["id"], "input": {"name": "Theirs"}}, as_)
        await arena.answers_nothing("Mutation.renderAlbum", {"id": made["id"], "product": "PRINT"}, as_)
    await arena.refused("Mutation.createAlbum", {"input": album}, stranger, "UPLOAD_UNKNOWN")
    collage = {"name": "Theirs", "template": "POLAROID", "sources": [job["id"]]}
    await arena.refused("Mutation.createCollage", {"input": collage}, stranger, "UPLOAD_UNKNOWN")
    sent = {"fileName": "a.png", "contentType": "image/png", "byteSize": 9, "purpose": "ALBUM", "albumId": made["id"]}
    await arena.refused("Mutation.createUpload", {"input": sent}, stranger, "DOCUMENT_UNKNOWN")
    now = (await arena.ask("Query.album", {"id": made["id"]}, owner)).data["album"]
    arena.holds((now["name"], now["imageCount"]) == ("Mine", 1), f"a stranger's attempts left the album {now}")


@attack("authorization")
async def nobody_hears_of_anothers_jobs_and_payments(arena: Arena) -> None:
    owner, stranger = await arena.client.new_user(1), await arena.client.new_user(0)
    (job,) = await arena.client.generate(owner)
    url = arena.client.outputs["graphqlUrl"]
    for as_ in (stranger, arena.client.person("admin")):
        for field in ("onJob", "onPayment"):
            for given in ({"owner": owner.sub}, {"owner": owner.sub, "id": job["id"]}):
                said = "$owner: ID!, $id: ID" if "id" in given else "$owner: ID!"
                passed = "owner: $owner, id: $id" if "id" in given else "owner: $owner"
                document = f"subscription S({said}) {{ {field}({passed}) {{ id }} }}"
                refusal = await realtime_socket.start(url, partial(_signed_in, as_.token), document, given)
                arena.holds(refusal, f"{field} of another was taken: {given}")


def _signed_in(token: str, _url: str, _text: str) -> Mapping[str, str]:
    return {"Authorization": token}


@attack("authorization")
async def guessing_in_bulk_finds_nothing(arena: Arena) -> None:
    """Many ids in one document, and in many documents at once."""
    guesses = [str(uuid.uuid4()) for _ in range(40)]
    fields = " ".join(f'g{i}: jobStatus(id: "{guess}") {{ id }}' for i, guess in enumerate(guesses))
    answer = await arena.client.graphql(f"{{ {fields} }}", as_="api_key")
    arena.holds(not any((answer.body.get("data") or {}).values()), "a guessed id was answered")
    answers = await asyncio.gather(*(arena.ask("Query.jobStatus", {"id": guess}, "api_key") for guess in guesses[:20]))
    arena.holds(all(each.data["jobStatus"] is None for each in answers), "a guessed id was answered")


@attack("authorization")
async def what_the_public_sees_of_a_job_is_no_secret(arena: Arena) -> None:
    owner = await arena.client.new_user(1)
    wish = arena.wish()
    (job,) = (await arena.ask("Mutation.generateImages", {"input": wish}, owner)).data["generateImages"]
    await arena.client.ended(job["id"], owner)
    for name, given in (("Query.jobStatus", {"id": job["id"]}), ("Query.download", {"jobId": job["id"]})):
        body = str((await arena.ask(name, given, "api_key")).body)
        for secret in (owner.sub, owner.email, wish["prompt"], wish["clientRequestId"]):
            arena.holds(secret not in body, f"{name} shows the public {secret}")


@attack("authorization")
async def one_who_takes_anothers_address_is_not_them(arena: Arena) -> None:
    """Cognito lets people write their own attributes; an administrator looks people up by address."""
    victim, thief = await arena.client.new_user(0), await arena.client.new_user(0)
    cognito = arena.client.boto("cognito-idp")
    for name, value in (("email", victim.email), ("email", victim.email.upper())):
        try:
            cognito.update_user_attributes(AccessToken=thief.token, UserAttributes=[{"Name": name, "Value": value}])
        except Exception:  # noqa: BLE001 - refused there is well
            continue
    await arena.ask("Query.me", {}, thief)
    found = (await arena.ask("Query.user", {"email": victim.email}, "admin")).data["user"]
    arena.holds(found["id"] == victim.sub, "a stolen address leads an administrator to the thief")


@attack("authorization", short=True)
async def one_who_takes_anothers_id_is_not_them(arena: Arena) -> None:
    """Cognito's `sub` is who somebody is: neither who is signed in nor who signs up may say it."""
    victim, thief = await arena.client.new_user(0), await arena.client.new_user(0)
    cognito, said = arena.client.boto("cognito-idp"), [{"Name": "sub", "Value": victim.sub}]
    with suppress(ClientError):
        cognito.update_user_attributes(AccessToken=thief.token, UserAttributes=said)
    again = sign_in(arena.client.outputs, thief.email, thief.password)
    me = await arena.ask("Query.me", {}, again)
    arena.holds(again.sub == thief.sub and me.data["me"]["id"] == thief.sub, "one became somebody else")
    signing = {"ClientId": arena.client.outputs["userPoolClientId"], "Username": f"again-{thief.email}"}
    try:
        made = cognito.sign_up(**signing, Password=thief.password, UserAttributes=said)["UserSub"]
    except ClientError:
        made = ""
    arena.holds(made != victim.sub, "one signed up as somebody else")


@attack("authorization")
async def every_field_has_a_decision(arena: Arena) -> None:
    for root in ("Query", "Mutation", "Subscription"):
        for field in getattr(SCHEMA.get_type(root), "fields"):  # noqa: B009
            arena.holds(f"{root}.{field}" in DECISIONS, f"nobody decided who may ask {root}.{field}")
            operation(SCHEMA, f"{root}.{field}")
