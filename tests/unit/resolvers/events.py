"""Events as AppSync and DynamoDB send them."""

from typing import Any

from infra.declaration import Fields
from infra.functions import ALL
from studio.dynamo import pack
from studio.jobs import states
from studio.jobs.model import Failure, Job, JobErrorCode
from studio.people.model import Caller
from tests.unit.world import USER, World

ANSWERED = [spec.trigger for spec in ALL if isinstance(spec.trigger, Fields)]
# The data source that answers a root field; those that only pass on what they are given are not among them.
SOURCES = {field: found.source for found in ANSWERED for field in found.fields}


def appsync(field: str, arguments: Any, caller: Caller | None = USER, select: tuple[str, ...] = ()) -> dict[str, Any]:
    type_, name = field.split(".")
    return {
        "arguments": arguments,
        "identity": _identity(caller) if caller else None,
        "info": {"parentTypeName": type_, "fieldName": name, "selectionSetList": list(select)},
    }


def _identity(caller: Caller) -> dict[str, Any]:
    return {
        "sub": caller.sub,
        "groups": ["admin"] if caller.is_admin else None,
        "claims": {"iat": caller.issued_at // 1000},
        "sourceIp": ["198.51.100.66, said a header", caller.ip] if caller.ip else None,
    }


def record(world: World, job: Job) -> dict[str, Any]:
    row = world.jobs.get({"id": job.id})
    assert row
    number = f"{job.id}-{row['version']}"
    keys = {"id": {"S": job.id}}
    change = {"Keys": keys, "NewImage": pack(row), "SequenceNumber": number}
    return {"eventName": "MODIFY", "eventSourceARN": stream_of("Jobs"), "dynamodb": change}


def fail(world: World, job: Job) -> Job:
    return world.jobs.step(states.fail(job, Failure(JobErrorCode.INTERNAL, "It failed."), world.time))


def stream_of(table: str) -> str:
    return f"arn:aws:dynamodb:ap-southeast-1:123456789012:table/{table}/stream/2026-11-20T12:00:00.000"


def numbers(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
