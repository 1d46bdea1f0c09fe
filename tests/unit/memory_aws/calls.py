"""The calls of DynamoDB that the studio makes most, over moto's tables but without moto's own way through them.

They are done, or refused by their conditions. All else is `Beyond`: then nothing has been done, and moto answers.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from moto.dynamodb.exceptions import ConditionalCheckFailed, TransactionCanceledException
from moto.dynamodb.models import DynamoDBBackend

from tests.unit.memory_aws.changes import change
from tests.unit.memory_aws.conditions import Beyond, Row, condition, meets
from tests.unit.memory_aws.queries import query
from tests.unit.memory_aws.rows import Place, refuse_odd, row_of

# A request with anything else in it is moto's.
_KNOWN: Final[Mapping[str, frozenset[str]]] = {
    "Get": frozenset({"TableName", "Key", "ConsistentRead"}),
    "Put": frozenset({"TableName", "Item", "ConditionExpression", "Names", "Values", "Old"}),
    "Update": frozenset({"TableName", "Key", "UpdateExpression", "ConditionExpression", "Names", "Values", "Old"}),
    "Delete": frozenset({"TableName", "Key", "ConditionExpression", "Names", "Values", "Old"}),
}
_SHORT: Final = {
    "ExpressionAttributeNames": "Names",
    "ExpressionAttributeValues": "Values",
    "ReturnValuesOnConditionCheckFailure": "Old",
}

Writing = Callable[[], object]


def _asked(kind: str, request: Mapping[str, Any], *more: str) -> tuple[Any, Any]:
    """Return a request's names and values, having looked that it asks for nothing else."""
    known = {_SHORT.get(name, name) for name in request} - {*more}
    names, values = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})
    if not known <= _KNOWN[kind] or request.get("ExpressionAttributeValues") == {}:
        raise Beyond
    refuse_odd(values)
    return names, values


class _Unmet(Exception):  # noqa: N818 - as botocore's ConditionalCheckFailed
    """A condition refuses its write; with the row, where the request asks for it."""

    def __init__(self, request: Mapping[str, Any], row: Row | None) -> None:
        super().__init__()
        self.row = row if request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" else None


def _needs(request: Mapping[str, Any], row: Row | None, names: Any, values: Any) -> None:
    text = request.get("ConditionExpression")
    if not text and (names or values):
        raise Beyond
    if text and not meets(condition(text, names, values), row, values):
        raise _Unmet(request, row)


def _old(place: Place) -> dict[str, Any] | None:
    item = place.item
    return None if item is None else row_of(item)


def _put(backend: DynamoDBBackend, request: Mapping[str, Any]) -> tuple[Place, Writing, Any]:
    row = request["Item"]
    names, values = _asked("Put", request)
    place = Place(backend, request["TableName"], row, whole=False)
    refuse_odd(row)
    _needs(request, _old(place), names, values)
    item = place.made(row)
    return place, lambda: place.put(item), {}


def _update(backend: DynamoDBBackend, request: Mapping[str, Any]) -> tuple[Place, Writing, Any]:
    names, values = _asked("Update", request, "ReturnValues")
    if request.get("ReturnValues", "NONE") not in {"NONE", "ALL_NEW"} or "UpdateExpression" not in request:
        raise Beyond
    place = Place(backend, request["TableName"], request["Key"])
    row, needed = _old(place), request.get("ConditionExpression", "")
    make, met = change(request["UpdateExpression"], needed, names, values)
    if not meets(met, row, values):
        raise _Unmet(request, row)
    row = dict(place.key) if row is None else row
    make(row, values)
    if any(row.get(name) != value for name, value in place.key.items()):
        raise Beyond
    item = place.made(row)
    return place, lambda: place.put(item), row


def _delete(backend: DynamoDBBackend, request: Mapping[str, Any]) -> tuple[Place, Writing, Any]:
    names, values = _asked("Delete", request)
    place = Place(backend, request["TableName"], request["Key"])
    _needs(request, _old(place), names, values)
    return place, lambda: place.table.delete_item(place.hash, place.range), {}


def _check(backend: DynamoDBBackend, request: Mapping[str, Any]) -> tuple[Place, Writing, Any]:
    place, _, _ = _delete(backend, request)
    return place, lambda: None, {}


_WRITES: Final = {"Put": _put, "Update": _update, "Delete": _delete, "ConditionCheck": _check}


def _one(verb: str) -> Callable[[DynamoDBBackend, Mapping[str, Any]], Any]:
    def write(backend: DynamoDBBackend, request: Mapping[str, Any]) -> Any:
        try:
            _, do, row = _WRITES[verb](backend, request)
        except _Unmet as unmet:
            raise ConditionalCheckFailed(item=unmet.row) from None  # pyright: ignore[reportArgumentType]
        do()
        answer: dict[str, Any] = {"Attributes": row} if request.get("ReturnValues") == "ALL_NEW" else {}
        if verb == "Update":
            answer["ConsumedCapacity"] = {"TableName": request["TableName"], "CapacityUnits": 0.5}
        return answer

    return write


def _transact(backend: DynamoDBBackend, request: Mapping[str, Any]) -> Any:
    if not request.keys() <= {"TransactItems", "ClientRequestToken"}:
        raise Beyond
    entries: list[tuple[str, Any]] = [pair for entry in request["TransactItems"] for pair in entry.items()]
    places = {_place_of(backend, given) for _, given in entries}
    if len(places) != len(entries) or len(entries) > 100:
        raise Beyond  # one row twice, or too many
    done = [_tried(backend, verb, given) for verb, given in entries]
    if any(isinstance(each, _Unmet) for each in done):
        raise TransactionCanceledException([_reason(each) for each in done])
    for do in done:
        do()
    return {"ConsumedCapacity": [], "ItemCollectionMetrics": {}}


def _place_of(backend: DynamoDBBackend, given: Mapping[str, Any]) -> Any:
    if "ReturnValues" in given:
        raise Beyond
    place = Place(backend, given["TableName"], given.get("Key") or given["Item"], whole=False)
    return place.table.name, place.hash, place.range


def _tried(backend: DynamoDBBackend, verb: str, given: Mapping[str, Any]) -> Any:
    try:
        return _WRITES[verb](backend, given)[1]
    except _Unmet as unmet:
        return unmet


def _reason(tried: Any) -> tuple[str | None, str | None, Row | None]:
    if isinstance(tried, _Unmet):
        return "ConditionalCheckFailed", "The conditional request failed", tried.row
    return None, None, None


def _get(backend: DynamoDBBackend, request: Mapping[str, Any]) -> Any:
    if not request.keys() <= _KNOWN["Get"]:
        raise Beyond
    row = _old(Place(backend, request["TableName"], request["Key"]))
    return {} if row is None else {"Item": row}


def _get_many(backend: DynamoDBBackend, request: Mapping[str, Any]) -> Any:
    ((name, asked),) = request["RequestItems"].items()
    if set(request) != {"RequestItems"} or not asked.keys() <= {"Keys", "ConsistentRead"}:
        raise Beyond
    places = [Place(backend, name, key) for key in asked["Keys"]]
    if len({(place.hash, place.range) for place in places}) != len(places) or len(places) > 100:
        raise Beyond
    found = [row_of(item) for place in places if (item := place.item) is not None]
    answer = {"Responses": {name: found}, "UnprocessedKeys": {}}
    return answer | {"ConsumedCapacity": [{"CapacityUnits": len(places), "TableName": name}]}


CALLS: Final[Mapping[str, Callable[[DynamoDBBackend, Mapping[str, Any]], Any]]] = {
    "GetItem": _get,
    "BatchGetItem": _get_many,
    "PutItem": _one("Put"),
    "UpdateItem": _one("Update"),
    "DeleteItem": _one("Delete"),
    "TransactWriteItems": _transact,
    "Query": query,
}


def plain(operation: str, backend: DynamoDBBackend, request: Mapping[str, Any]) -> Any:
    """Answer a call. Beyond: moto is to."""
    if operation not in CALLS:
        raise Beyond
    return CALLS[operation](backend, request)
