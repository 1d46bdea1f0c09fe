"""Rows and events that should not be: one bad item holds up nobody, and nobody is paid by it."""

import uuid
from typing import Any

from tests.attack.arena import Arena, attack
from tests.stack import books
from tests.stack.asking import until
from tests.stack.provider import Wish


async def _failing(arena: Arena, person: Any) -> dict[str, Any]:
    wish = Wish(arena.client.outputs["modelsUrl"])
    await wish.meets("blocked")
    (job,) = (await arena.ask("Mutation.generateImages", {"input": wish.input()}, person)).data["generateImages"]
    return job


def _change(arena: Arena, table: str, key: str, expression: str, **values: Any) -> None:
    arena.client.boto("dynamodb").update_item(
        TableName=arena.client.outputs["tables"][table],
        Key={"id": {"S": key}},
        UpdateExpression=expression,
        **({"ExpressionAttributeValues": values} if values else {}),
    )


def _swept(arena: Arena) -> None:
    """Sweep now. A sweep that put a bad row aside says so by failing, which is what rings."""
    arena.client.boto("lambda").invoke(FunctionName=arena.client.outputs["functions"]["sweeper"], Payload=b"{}")


async def _others_go_on(arena: Arena, what: str) -> None:
    """A job of somebody else fails, and its point comes back."""
    person = await arena.client.new_user(1)
    job = await _failing(arena, person)
    ended = await arena.client.ended(job["id"], person)
    arena.holds(ended["charge"]["refundedPoints"] == 1, f"{what} held up another's refund: {ended}")


@attack("faults", short=True)
async def a_refund_believes_the_ledger_and_not_the_jobs_row(arena: Arena) -> None:
    """Whoever can write the row sets the charge to five million before the job ends."""
    person = await arena.client.new_user(1)
    wish = Wish(arena.client.outputs["modelsUrl"])
    await wish.meets("slow:4+400")
    (job,) = (await arena.ask("Mutation.generateImages", {"input": wish.input()}, person)).data["generateImages"]
    expression = "SET charge.points = :rich"
    _change(arena, "Jobs", job["id"], expression, **{":rich": {"N": "5000000"}})
    _swept(arena)

    def ended() -> bool:
        row = next(each for each in books.of(arena.client, person.sub).jobs if each["id"] == job["id"])
        return row["status"] == "FAILED"

    await until(ended)
    await _others_go_on(arena, "a row with a false charge")
    _swept(arena)
    points = await arena.client.points(person)
    arena.holds(points <= 1, f"a false charge was paid back: {points} points")
    arena.holds(books.of(arena.client, person.sub).drift == 0, "the books are off")


@attack("faults", short=True)
async def a_refund_that_was_made_is_made_once(arena: Arena) -> None:
    """The row forgets that it was refunded; the ledger does not."""
    person = await arena.client.new_user(1)
    job = await _failing(arena, person)
    await arena.client.ended(job["id"], person)
    arena.client.boto("dynamodb").update_item(
        TableName=arena.client.outputs["tables"]["Jobs"],
        Key={"id": {"S": job["id"]}},
        UpdateExpression="SET #o = :open, due = :due REMOVE refundedAt",
        ExpressionAttributeNames={"#o": "open"},
        ExpressionAttributeValues={":open": {"S": "open"}, ":due": {"N": "1"}},
    )
    await _others_go_on(arena, "a row that forgot its refund")
    for _ in range(2):
        _swept(arena)
    kept = books.of(arena.client, person.sub)
    arena.holds(kept.person["points"] == 1 and kept.drift == 0, f"a refund was made twice: {kept.person}")
    arena.holds("refundedAt" in kept.jobs[0], "a refund that the ledger knows stays due for ever")


@attack("faults")
async def a_job_of_no_worker_holds_up_no_sweep(arena: Arena) -> None:
    person = await arena.client.new_user(2)
    (bad,) = await arena.client.generate(person)
    await arena.client.ended(bad["id"], person)
    row = next(each for each in books.rows(arena.client, "Jobs") if each["id"] == bad["id"])
    arena.holds(row["status"] == "COMPLETED", "the job did not end")
    with arena.behind.no_workers("vertex"):
        (late,) = await arena.client.generate(person)
        arena.client.boto("dynamodb").update_item(
            TableName=arena.client.outputs["tables"]["Jobs"],
            Key={"id": {"S": bad["id"]}},
            UpdateExpression="SET #s = :pending, worker = :none, #o = :open, due = :due, deadline = :far",
            ExpressionAttributeNames={"#s": "status", "#o": "open"},
            ExpressionAttributeValues={
                ":pending": {"S": "PENDING"}, ":none": {"S": "no-such-worker"}, ":open": {"S": "open"},
                ":due": {"N": "1"}, ":far": {"N": str(2**52)},
            },
        )  # fmt: skip
        arena.behind.expire(late["id"])
        _swept(arena)
    ended = await arena.client.ended(late["id"], person)
    arena.holds(ended["status"] == "FAILED", f"a job of no worker held up the sweep: {ended}")
    arena.client.boto("dynamodb").delete_item(
        TableName=arena.client.outputs["tables"]["Jobs"], Key={"id": {"S": bad["id"]}}
    )


@attack("faults")
async def events_that_cannot_be_read_hold_up_nobody(arena: Arena) -> None:
    """S3's, SNS's and the stream's, cut or strange; each function gets them as its service would send them."""
    key = f"uploads/{uuid.uuid4()}/{uuid.uuid4()}/original"
    strange: dict[str, list[dict[str, Any]]] = {
        "resizer": [
            {"Records": [{"s3": {"bucket": {"name": arena.client.outputs["mediaBucket"]}, "object": {"key": key}}}]},
            {"Records": [{"s3": {"bucket": {"name": "x"}, "object": {"key": "%ZZ/../x"}}}]},
        ],
        "sagemaker-done": [
            {"Records": [{"Sns": {"Message": text}}]} for text in ("", "{}", "[]", '{"inferenceId": "x"}')
        ],
    }
    for function, events in strange.items():
        for event in events:
            arena.behind.send(function, event)
    await _others_go_on(arena, "events that cannot be read")
    person = await arena.client.new_user(1)
    (job,) = await arena.client.generate(person)
    ended = await arena.client.ended(job["id"], person)
    arena.holds(ended["status"] == "COMPLETED" and ended["image"]["thumbnail"], "the resizer did not go on")
