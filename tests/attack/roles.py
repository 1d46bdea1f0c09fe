"""A function that was taken over: what its own role still lets it do. The emulator enforces IAM."""

import json
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import boto3
from botocore.exceptions import ClientError

from tests.attack.arena import Arena, attack

_DENIED = {"AccessDenied", "AccessDeniedException", "403"}
_WORKERS = ("vertex", "bedrock", "sagemaker", "browser")


class Role:
    """A function's role, as whoever runs code in it has it."""

    def __init__(self, arena: Arena, function: str) -> None:
        self._outputs = arena.client.outputs
        arn = arena.client.boto("lambda").get_function_configuration(FunctionName=self._outputs["functions"][function])[
            "Role"
        ]
        given = arena.client.boto("sts").assume_role(RoleArn=arn, RoleSessionName="taken-over")["Credentials"]
        self._keys = given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]

    def client(self, service: str) -> Any:
        return _client(self._outputs, service, *self._keys)


def _client(outputs: Mapping[str, Any], service: Any, key: str, secret: str, token: str | None) -> Any:
    session = boto3.Session(key, secret, token)
    return session.client(service, endpoint_url=outputs["awsEndpoint"], region_name=outputs["region"])


def _denied(arena: Arena, what: str, call: Callable[[], Any]) -> None:
    try:
        call()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        arena.holds(code in _DENIED, f"{what}: {code}, and not denied")
    else:
        arena.holds(False, f"{what} was allowed")


def _row(**values: str) -> Mapping[str, Any]:
    return {name: {"S": value} for name, value in values.items()}


@attack("roles", short=True)
async def a_worker_taken_over_moves_no_points(arena: Arena) -> None:
    tables, victim = arena.client.outputs["tables"], (await arena.client.new_user(1)).sub
    for worker in _WORKERS:
        dynamo = Role(arena, worker).client("dynamodb")
        for table in ("People", "Ledger", "Audit", "Payments", "Requests", "Usage", "PaymentEvents", "Rates"):
            if table not in tables:
                continue
            key = {"id": {"S": victim}}
            name = tables[table]
            _denied(arena, f"{worker} reads {table}", lambda: dynamo.get_item(TableName=name, Key=key))  # noqa: B023
            _denied(arena, f"{worker} scans {table}", lambda: dynamo.scan(TableName=name))  # noqa: B023
            _denied(arena, f"{worker} writes {table}", lambda: dynamo.put_item(TableName=name, Item=_row(id=victim)))  # noqa: B023
        jobs = tables["Jobs"]
        _denied(arena, f"{worker} scans Jobs", lambda: dynamo.scan(TableName=jobs))  # noqa: B023
        _denied(arena, f"{worker} makes a job", lambda: dynamo.put_item(TableName=jobs, Item=_row(id="x")))  # noqa: B023
        _denied(arena, f"{worker} deletes a job", lambda: dynamo.delete_item(TableName=jobs, Key=_row(id="x")))  # noqa: B023


# What a worker's own step never names: who pays, what was charged, what was asked for, that it was given back.
_NOT_A_WORKERS = ("charge", "owner", "refundedAt", "spec", "expiresAt", "model", "worker", "requestId", "shared")


@attack("roles", short=True)
async def a_worker_taken_over_says_nothing_of_what_was_charged(arena: Arena) -> None:
    jobs, people = arena.client.outputs["tables"]["Jobs"], arena.client.outputs["tables"]["People"]
    key = _row(id=str(uuid.uuid4()))
    for function in (*_WORKERS, "sagemaker-done", "resizer"):
        dynamo = Role(arena, function).client("dynamodb")
        for name in _NOT_A_WORKERS:
            change = {"TableName": jobs, "Key": key, **_set(name)}
            _denied(arena, f"{function} sets {name}", partial(dynamo.update_item, **change))
            older = {name: {"Action": "PUT", "Value": {"N": "5000000"}}}
            legacy = partial(dynamo.update_item, TableName=jobs, Key=key, AttributeUpdates=older)
            _denied(arena, f"{function} sets {name} in the older form", legacy)
            together = partial(dynamo.transact_write_items, TransactItems=[{"Update": change}])
            _denied(arena, f"{function} sets {name} in a transaction", together)
    for function in ("jobs-stream", "sweeper", "accounts-reconciler", "webhooks", "payments-reconciler"):
        dynamo = Role(arena, function).client("dynamodb")
        for name in ("role", "disabled", "email"):
            change = partial(dynamo.update_item, TableName=people, Key=key, **_set(name))
            _denied(arena, f"{function} sets {name}", change)


def _set(name: str) -> Mapping[str, Any]:
    """Return a change of one attribute that would be made if nothing but its condition stood against it."""
    return {
        "UpdateExpression": "SET #a = :v",
        "ConditionExpression": "attribute_exists(id)",
        "ExpressionAttributeNames": {"#a": name},
        "ExpressionAttributeValues": {":v": {"N": "5000000"}},
    }


@attack("roles", short=True)
async def a_worker_taken_over_reaches_no_other_workers_results(arena: Arena) -> None:
    bucket = arena.client.outputs["mediaBucket"]
    for worker in _WORKERS:
        s3 = Role(arena, worker).client("s3")
        others = [each for each in _WORKERS if each != worker]
        for key in (*(f"results/{other}/x/original.png" for other in others), "uploads/x/y/original", "quarantine/x"):
            _denied(arena, f"{worker} writes {key}", lambda: s3.put_object(Bucket=bucket, Key=key, Body=b"x"))  # noqa: B023
        for other in others:
            key = f"results/{other}/x/original.png"
            _denied(arena, f"{worker} deletes {key}", lambda: s3.delete_object(Bucket=bucket, Key=key))  # noqa: B023
        _denied(arena, f"{worker} lists the bucket", lambda: s3.list_objects_v2(Bucket=bucket))  # noqa: B023


@attack("roles", short=True)
async def who_takes_orders_reaches_no_file_and_who_signs_links_no_order(arena: Arena) -> None:
    tables, bucket = arena.client.outputs["tables"], arena.client.outputs["mediaBucket"]
    for function in ("orders-api", "orders-reconciler", "fulfilment"):
        s3 = Role(arena, function).client("s3")
        for key in ("results/documents/x/album.pdf", "documents/x/y/z/original.png", "uploads/x/y/original"):
            at = {"Bucket": bucket, "Key": key}
            _denied(arena, f"{function} reads {key}", partial(s3.get_object, **at))
            _denied(arena, f"{function} writes {key}", partial(s3.put_object, **at, Body=b"x"))
            _denied(arena, f"{function} deletes {key}", partial(s3.delete_object, **at))
        _denied(arena, f"{function} lists the bucket", partial(s3.list_objects_v2, Bucket=bucket))
    for function in ("media-api", "albums-api", "jobs-api", "publish", "printing-stream", "documents"):
        dynamo = Role(arena, function).client("dynamodb")
        for name in ("Orders", "OrderDocuments", "Quotes"):
            at, key = {"TableName": tables[name]}, _row(id="x", order="x", owner="x")
            _denied(arena, f"{function} reads {name}", partial(dynamo.get_item, **at, Key=key))
            _denied(arena, f"{function} scans {name}", partial(dynamo.scan, **at))
            _denied(arena, f"{function} writes {name}", partial(dynamo.put_item, **at, Item=key))


@attack("roles", short=True)
async def functions_read_their_own_secrets_only(arena: Arena) -> None:
    secrets = [each["Name"] for each in arena.client.boto("secretsmanager").list_secrets()["SecretList"]]
    arena.holds(secrets, "there are no secrets to try")
    for function in (*_WORKERS, "resizer", "publish", "media-api", "jobs-api", "jobs-stream"):
        reader = Role(arena, function).client("secretsmanager")
        for name in secrets:
            if "vnpay" in name or "stripe" in name:
                _denied(arena, f"{function} reads {name}", lambda: reader.get_secret_value(SecretId=name))  # noqa: B023
    webhooks = Role(arena, "webhooks").client("secretsmanager")
    readable: list[str] = []
    for name in secrets:
        try:
            readable.append(webhooks.get_secret_value(SecretId=name)["SecretString"])
        except ClientError:
            continue
    arena.holds(readable, "the webhooks' function reads no secret at all")
    arena.holds(not any("apiKey" in each for each in readable), "the public webhooks' function holds Stripe's API key")


@attack("roles")
async def ledger_and_audit_are_only_added_to(arena: Arena) -> None:
    """No role may change or delete a line, and none but those that move points may add one."""
    tables = arena.client.outputs["tables"]
    for function in arena.client.outputs["functions"]:
        dynamo = Role(arena, function).client("dynamodb")
        for table in ("Ledger", "Audit"):
            key = _row(owner="x", id="charge#x") if table == "Ledger" else _row(id="x")
            for what, call in (
                ("changes", lambda: dynamo.update_item(TableName=tables[table], Key=key)),  # noqa: B023
                ("deletes", lambda: dynamo.delete_item(TableName=tables[table], Key=key)),  # noqa: B023
                ("scans", lambda: dynamo.scan(TableName=tables[table])),  # noqa: B023
            ):
                _denied(arena, f"{function} {what} {table}", call)


@attack("roles")
async def nobody_but_their_callers_runs_functions(arena: Arena) -> None:
    functions = arena.client.outputs["functions"]
    for function in (*_WORKERS, "webhooks", "resizer", "media-api"):
        lambdas = Role(arena, function).client("lambda")
        for other in ("jobs-api", "payments-api", "sweeper", "accounts-reconciler"):
            name = functions[other]
            _denied(arena, f"{function} runs {other}", lambda: lambdas.invoke(FunctionName=name, Payload=b"{}"))  # noqa: B023
        _denied(
            arena,
            f"{function} changes its own code",
            lambda: lambdas.update_function_configuration(FunctionName=functions[function], Timeout=9),  # noqa: B023
        )


@attack("roles")
async def a_guest_of_the_identity_pool_reaches_public_fields_only(arena: Arena) -> None:
    outputs, guest = arena.client.outputs, arena.client.guest

    def client(service: str) -> Any:
        return _client(outputs, service, guest.access_key, guest.secret_key, guest.token)

    _denied(arena, "a guest scans People", lambda: client("dynamodb").scan(TableName=outputs["tables"]["People"]))
    _denied(arena, "a guest lists the bucket", lambda: client("s3").list_objects_v2(Bucket=outputs["mediaBucket"]))
    _denied(arena, "a guest lists functions", lambda: client("lambda").list_functions())
    _denied(
        arena,
        "a guest runs a function",
        lambda: client("lambda").invoke(FunctionName=outputs["functions"]["jobs-api"], Payload=json.dumps({}).encode()),
    )
    _denied(arena, "a guest lists secrets", lambda: client("secretsmanager").list_secrets())
    await arena.refused("Query.job", {"id": str(uuid.uuid4())}, "guest")
