"""Many calls at once, where each alone would be right."""

import asyncio
import uuid
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

from local import accounts
from local.client import Person, sign_in
from tests.attack.arena import Arena, attack
from tests.stack import books
from tests.stack.asking import until
from tests.stack.paying import order
from tests.stack.provider import Wish

_T = TypeVar("_T")
# What an hour's brake lets pass: 24 cancels of begun work, and the request that was accepted before one more of them.
# The limit of running jobs, which is lower on AWS, is 96 at stage local.
CANCELS, COUNT = 24, 8


async def _all(calls: Iterable[Awaitable[_T]]) -> list[_T]:
    return list(await asyncio.gather(*calls))


def _sound(arena: Arena, person: Person, what: str) -> None:
    kept = books.of(arena.client, person.sub)
    arena.holds(kept.drift == 0, f"{what}: the books are off by {kept.drift}")
    arena.holds(kept.person["points"] >= 0, f"{what}: the balance is {kept.person['points']}")


@attack("races", short=True)
async def one_request_asked_at_once_is_charged_once(arena: Arena) -> None:
    person, wish = await arena.client.new_user(10), arena.wish()
    answers = await _all(arena.ask("Mutation.generateImages", {"input": wish}, person) for _ in range(12))
    jobs = {job["id"] for each in answers if not each.errors for job in each.data["generateImages"]}
    arena.holds(len(jobs) == 1, f"one request made {len(jobs)} jobs")
    await arena.client.ended(next(iter(jobs)), person)
    arena.holds(await arena.client.points(person) == 9, "one request was not charged once")
    _sound(arena, person, "one request at once")


@attack("races", short=True)
async def the_last_point_is_spent_once(arena: Arena) -> None:
    person = await arena.client.new_user(1)
    answers = await _all(arena.ask("Mutation.generateImages", {"input": arena.wish()}, person) for _ in range(12))
    taken = [job for each in answers if not each.errors for job in each.data["generateImages"]]
    arena.holds(len(taken) == 1, f"one point bought {len(taken)} images")
    refused = {type_ for each in answers for type_ in each.error_types}
    arena.holds(refused <= {"POINTS_NOT_ENOUGH", "BUSY"}, f"the others heard {refused}")
    _sound(arena, person, "the last point")


@attack("races")
async def canceling_and_asking_again_does_not_fill_the_workers(arena: Arena) -> None:
    """The model's calls of canceled jobs go on: they count until they have ended."""
    person, wish = await arena.client.new_user(8), Wish(arena.client.outputs["modelsUrl"])
    await wish.meets("slow:20", repeat=True)
    begun: set[str] = set()
    refused: list[str] = []
    while len(begun) <= CANCELS + COUNT:
        given = wish.input(count=COUNT)
        answer = await arena.ask("Mutation.generateImages", {"input": given}, person)
        if answer.errors:
            refused = answer.error_types
            break
        jobs = answer.data["generateImages"]
        await asyncio.sleep(2)  # let workers begin: what is canceled before is nobody's work
        ended = await _all(arena.ask("Mutation.cancelJob", {"id": job["id"]}, person) for job in jobs)
        begun |= {each.data["cancelJob"]["id"] for each in ended if _was_begun(each.data["cancelJob"])}
        await until(lambda: books.of(arena.client, person.sub).person["points"] == 8)
    arena.holds({*refused} and {*refused} <= {"TOO_MANY_RUNNING", "GENERATION_CLOSED"}, f"asking again heard {refused}")
    arena.holds(len(begun) <= CANCELS + COUNT, f"{len(begun)} model calls were begun for 8 points within seconds")
    _sound(arena, person, "cancel and ask again")


def _was_begun(job: dict[str, Any]) -> bool:
    return any(event["status"] == "PROCESSING" for event in job["history"])


@attack("races", short=True)
async def a_job_deleted_at_once_is_deleted(arena: Arena) -> None:
    person = await arena.client.new_user(1)
    (job,) = await arena.client.generate(person)
    await arena.client.ended(job["id"], person)
    answers = await _all(arena.ask("Mutation.deleteJob", {"id": job["id"]}, person) for _ in range(6))
    deleted = {next(iter(each.body["data"].values())) for each in answers if not each.errors}
    arena.holds(deleted <= {job["id"], None} and job["id"] in deleted, f"deletes at once answered {deleted}")
    gone = await arena.ask("Query.job", {"id": job["id"]}, person)
    arena.holds(gone.data["job"] is None, "a deleted job is still there")


@attack("races")
async def a_disabled_administrator_acts_no_more(arena: Arena) -> None:
    """From the moment that setDisabled or setRole was answered, nothing that takes a role passes."""
    for change in ("Mutation.setDisabled", "Mutation.setRole"):
        insider, friend = await arena.client.new_user(admin=True), await arena.client.new_user(0)
        await arena.ask("Query.users", {"limit": 1}, insider)  # whatever remembers them does so now
        given = {"disabled": True} if change.endswith("Disabled") else {"role": "USER"}
        stopped = asyncio.Event()
        asking = [asyncio.create_task(_grants(arena, insider, friend, stopped)) for _ in range(4)]
        await asyncio.sleep(0.5)
        done = await arena.ask(change, {"userId": insider.sub, **given}, "admin")
        arena.holds(not done.errors, f"{change}: {done.body}")
        stopped.set()
        await asyncio.gather(*asking)
        before = await arena.client.points(friend)
        for name, variables in _acts(friend.sub):
            await arena.refused(name, variables, insider, "USER_DISABLED", "UNAUTHORIZED", "Unauthorized")
        arena.holds(await arena.client.points(friend) == before, f"points were granted after {change}")
        _sound(arena, friend, "grants in a race")


async def _grants(arena: Arena, by: Person, to: Person, stopped: asyncio.Event) -> None:
    while not stopped.is_set():
        await arena.ask("Mutation.grantPoints", {"input": _gift(to.sub)}, by)


def _gift(to: str, points: int = 1) -> dict[str, Any]:
    return {"clientRequestId": str(uuid.uuid4()), "userId": to, "points": points, "note": "For you."}


def _acts(to: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("Mutation.grantPoints", {"input": _gift(to, 1_000_000)}),
        ("Mutation.setRole", {"userId": to, "role": "ADMIN"}),
        ("Mutation.setDisabled", {"userId": to, "disabled": True}),
        ("Mutation.setExchangeRate", {"base": "USD", "quote": "VND", "rate": 1.0}),
    ]


@attack("races", short=True)
async def nobody_grants_to_themselves(arena: Arena) -> None:
    insider = await arena.client.new_user(admin=True)
    before = await arena.client.points(insider)
    await arena.refused("Mutation.grantPoints", {"input": _gift(insider.sub, 1000)}, insider, "USER_IS_SELF")
    arena.holds(await arena.client.points(insider) == before, "an administrator granted to themselves")


@attack("races")
async def waiting_payments_are_limited_also_at_once(arena: Arena) -> None:
    person = await arena.client.new_user(0)
    answers = await _all(arena.ask("Mutation.createPayment", {"input": order("VNPAY")}, person) for _ in range(14))
    made = [each for each in answers if not each.errors]
    arena.holds(len(made) <= 5, f"{len(made)} payments wait at once")


@attack("races")
async def who_leaves_and_comes_again_is_given_nothing_again(arena: Arena) -> None:
    """Sign-up points and free images are an address's, whatever dots and plus tags it carries."""
    stem = f"thief{uuid.uuid4().hex[:12]}"
    points: list[int] = []
    for address in (f"{stem}@gmail.com", f"{stem}@gmail.com", f"{stem[:6]}.{stem[6:]}+x@googlemail.com"):
        account = {"email": address, "password": accounts.new_password()}
        accounts.create(arena.client.aws, arena.client.outputs["userPoolId"], account)
        person = sign_in(arena.client.outputs, account["email"], account["password"])
        points.append(await arena.client.points(person))
        await arena.ask("Mutation.deleteMe", {}, person)
        await _gone(arena, address)
    arena.holds(points[0] > 0 and points[1:] == [0, 0], f"signing up again and again gave {points}")


async def _gone(arena: Arena, address: str) -> None:
    """Wait until the address is free again: the reconciler removes who has left."""
    cognito, pool = arena.client.boto("cognito-idp"), arena.client.outputs["userPoolId"]
    for _ in range(60):
        arena.behind.invoke("accounts-reconciler", {})
        if not cognito.list_users(UserPoolId=pool, Filter=f'email = "{address}"')["Users"]:
            return
        await asyncio.sleep(1)


@attack("races")
async def retries_at_once_make_one_image_and_stay_after_a_delete(arena: Arena) -> None:
    person, wish = await arena.client.new_user(3), Wish(arena.client.outputs["modelsUrl"])
    await wish.meets("blocked")
    (failed,) = (await arena.ask("Mutation.generateImages", {"input": wish.input()}, person)).data["generateImages"]
    await arena.client.ended(failed["id"], person)
    again = {"id": failed["id"], "clientRequestId": str(uuid.uuid4())}
    answers = await _all(arena.ask("Mutation.retryJob", again, person) for _ in range(6))
    made = {each.data["retryJob"]["id"] for each in answers if not each.errors}
    arena.holds(len(made) == 1, f"one retry made {made}")
    await arena.ask("Mutation.deleteJob", {"id": failed["id"]}, person)
    later = await arena.ask("Mutation.retryJob", again, person)
    arena.holds({(later.data["retryJob"] or {}).get("id")} == made, f"after the delete the retry answered {later.body}")
    _sound(arena, person, "retries at once")


@attack("races")
async def free_images_are_given_once(arena: Arena) -> None:
    person = await arena.client.new_user(0)
    usage = (await arena.ask("Query.models", {}, person)).data["models"]
    free = next(model["freeLeft"] for model in usage if model["id"] == "nanobanana-basic")
    wishes = [arena.wish(model="nanobanana-basic") for _ in range(free + 5)]
    answers = await _all(arena.ask("Mutation.generateImages", {"input": wish}, person) for wish in wishes)
    made = [each for each in answers if not each.errors]
    arena.holds(len(made) <= free, f"{len(made)} free images of {free} were given")
    _sound(arena, person, "free images at once")
