"""DynamoDB, as the areas' tables use it: plain values in and out, transactions that say why they were refused."""

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, cast

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import ClientError

from studio.errors import ContendedError, ErrorType, StudioError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
Write = dict[str, Any]

# A conflict means another transaction holds the same row for some milliseconds: worth about two seconds of patience.
_CONFLICT_TRIES = 12
_CONFLICT_PAUSE = 0.02
_CONFLICT_PAUSE_MAX = 0.4
_PASSING = {"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
_BATCH_GET = 100
_DIGITS = 38

_serialize = TypeSerializer().serialize


class _Deserializer(TypeDeserializer):
    """boto3's, but for numbers: of 1E100, which DynamoDB keeps and writes out, boto3 raises `Rounded`."""

    def _deserialize_n(self, value: str) -> Decimal:
        return _WIDE.create_decimal(value).normalize(_WIDE)


_WIDE = Context(prec=200)  # DynamoDB's largest and smallest numbers have 126 and 130 places
_deserialize = _Deserializer().deserialize


def pack(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item or a set of expression values in DynamoDB's own notation; None is left out."""
    return {name: _serialize(value) for name, value in values.items() if value is not None}


def unpack(item: Mapping[str, Any]) -> Item:
    """Return plain values; whole numbers of up to 38 digits come as int, where boto3 gives Decimal."""
    return {name: _plain(_deserialize(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        # One of more digits than DynamoDB keeps stays a Decimal, which it takes back.
        return int(value) if value == value.to_integral_value() and value.adjusted() < _DIGITS else value
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


class ConditionFailed(Exception):  # noqa: N818 - DynamoDB's word for it
    """A write was refused by its condition; nothing was written.

    `refused` maps the position of each refused write to the row as it stands ({} where there is none).
    """

    def __init__(self, refused: dict[int, Item]) -> None:
        super().__init__(f"condition failed at {sorted(refused)}")
        self.refused = refused


@dataclass(frozen=True)
class Update:
    """One conditional update; see `update`."""

    key: Mapping[str, str]
    condition: str
    values: Mapping[str, Any]
    set: Mapping[str, Any]
    add: Mapping[str, Any]
    delete: Mapping[str, Any]
    append: Mapping[str, Any]
    remove: Sequence[str]
    names: Mapping[str, str]

    def request(self, table: str) -> Write:
        """Return the parameters that UpdateItem and a transaction's Update share."""
        changed = [*self.set, *self.append, *self.add, *self.delete, *self.remove]
        at = {name: str(i) for i, name in enumerate(changed)}  # attribute names may hold dots, aliases may not
        clauses = [
            _clause("SET", [f"#{at[n]} = :{at[n]}" for n in self.set], [_appended(at[n]) for n in self.append]),
            _clause("ADD", [f"#{at[n]} :{at[n]}" for n in self.add]),
            _clause("DELETE", [f"#{at[n]} :{at[n]}" for n in self.delete]),
            _clause("REMOVE", [f"#{at[n]}" for n in self.remove]),
        ]
        new = {**self.set, **{n: [value] for n, value in self.append.items()}, **self.add, **self.delete}
        condition, asked = _condition(self.condition, self.values)
        request: Write = {
            "TableName": table,
            "Key": pack(self.key),
            "UpdateExpression": " ".join(filter(None, clauses)),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {f"#{i}": n for n, i in at.items()} | _names(condition, self.names),
            "ExpressionAttributeValues": pack({f":{at[n]}": value for n, value in new.items()}) | asked,
        }
        return {name: part for name, part in request.items() if part}


def _clause(word: str, *groups: Sequence[str]) -> str:
    parts = [part for group in groups for part in group]
    return f"{word} {', '.join(parts)}" if parts else ""


def _appended(alias: str) -> str:
    return f"#{alias} = list_append(#{alias}, :{alias})"


def _condition(condition: str, values: Mapping[str, Any]) -> tuple[str, Item]:
    """Return a condition and its values. NULL is read as no attribute at all, so it counts as none here too."""
    meant = _ABSENT.sub(r"(attribute_not_exists(\1) OR attribute_type(\1, :null))", condition)
    null = {} if meant == condition else {"null": "NULL"}
    return meant, pack({f":{name}": value for name, value in {**values, **null}.items()})


_ABSENT = re.compile(r"attribute_not_exists\((#\w+)\)")


def _names(expression: str, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """In a condition `#status` stands for the attribute `status`: many attribute names are reserved words."""
    found: list[str] = re.findall(r"#([A-Za-z]\w*)", expression)
    return {f"#{name}": (names or {}).get(name, name) for name in found}


def update(  # noqa: PLR0913 - DynamoDB's clauses
    key: Mapping[str, str],
    *,
    condition: str = "",
    values: Mapping[str, Any] | None = None,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - DynamoDB's word
    add: Mapping[str, Any] | None = None,
    delete: Mapping[str, Any] | None = None,
    append: Mapping[str, Any] | None = None,
    remove: Sequence[str] = (),
    names: Mapping[str, str] | None = None,
) -> Update:
    """Describe an update. In the condition `#name` is an attribute (or its alias in `names`), `:name` a value.

    `add` adds to a number, or to a set; `delete` takes members out of a set.
    """
    given = {n: v for n, v in (set or {}).items() if v is not None}
    return Update(key, condition, values or {}, given, add or {}, delete or {}, append or {}, remove, names or {})


@dataclass(frozen=True)
class Page:
    """One page of keys or rows, and the key to go on from."""

    rows: list[Item]
    last: Item | None


class Table:
    """One table. `put` and `change` describe writes for a transaction; the other methods act at once."""

    def __init__(self, name: str, client: "DynamoDBClient | None" = None) -> None:
        self.name = name
        self.client = client or shared_client()

    def put(self, item: Mapping[str, Any], new: str) -> Write:
        """Describe a put that is refused where a row with the key attribute `new` is already there."""
        return {
            "Put": {
                "TableName": self.name,
                "Item": pack(item),
                "ConditionExpression": "attribute_not_exists(#new)",
                "ExpressionAttributeNames": {"#new": new},
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def insert(self, item: Mapping[str, Any], new: str) -> None:
        self._refusable(self.client.put_item, **self.put(item, new)["Put"])

    def change(self, change: Update) -> Write:
        return {"Update": change.request(self.name) | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}

    def check(self, key: Mapping[str, str], condition: str, values: Mapping[str, Any]) -> Write:
        """Describe a condition that a row must meet for the transaction to be written."""
        condition, asked = _condition(condition, values)
        request: Write = {
            "TableName": self.name,
            "Key": pack(key),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": _names(condition),
            "ExpressionAttributeValues": asked,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return {"ConditionCheck": {name: part for name, part in request.items() if part}}

    def get(self, key: Mapping[str, str]) -> Item | None:
        answer = self.client.get_item(TableName=self.name, Key=pack(key), ConsistentRead=True)
        return unpack(answer["Item"]) if "Item" in answer else None

    def apply(self, change: Update) -> Item:
        """Update one row and return it as it now stands.

        Raises
        ------
        ConditionFailed
            With the row as it stands at position 0.
        """
        answer = self._refusable(self.client.update_item, **change.request(self.name), ReturnValues="ALL_NEW")
        return unpack(answer["Attributes"])

    def query(
        self,
        condition: str,
        values: Mapping[str, Any],
        *,
        index: str | None = None,
        limit: int,
        start: Mapping[str, Any] | None = None,
        newest_first: bool = True,
        consistent: bool = False,
    ) -> Page:
        """Return one page of the table, or of an index; the condition names its attributes as `#name`.

        Raises
        ------
        StudioError
            PAGE_TOKEN_INVALID: `start` is no position in this list.
        """
        try:
            answer = cast("Any", self.client).query(
                TableName=self.name,
                KeyConditionExpression=condition,
                ExpressionAttributeNames=_names(condition),
                ExpressionAttributeValues=pack({f":{n}": v for n, v in values.items()}),
                ScanIndexForward=not newest_first,
                Limit=limit,
                ConsistentRead=consistent,
                **({"IndexName": index} if index else {}),
                **({"ExclusiveStartKey": pack(start)} if start else {}),
            )
        except ClientError as error:
            if start and error.response.get("Error", {}).get("Code") == "ValidationException":
                message = "nextToken is not one that this list gave you."
                raise StudioError(ErrorType.PAGE_TOKEN_INVALID, message) from error
            raise
        last = answer.get("LastEvaluatedKey")
        return Page([unpack(item) for item in answer["Items"]], unpack(last) if last else None)

    def get_many(self, keys: Sequence[Mapping[str, str]]) -> list[Item]:
        """Return the rows that exist, in any order."""
        found: list[Item] = []
        for start in range(0, len(keys), _BATCH_GET):
            found += self._batch([pack(key) for key in keys[start : start + _BATCH_GET]])
        return found

    def _batch(self, wanted: list[dict[str, Any]]) -> Iterator[Item]:
        for pause in _pauses():
            answer = self.client.batch_get_item(RequestItems={self.name: {"Keys": wanted, "ConsistentRead": True}})
            yield from (unpack(item) for item in answer["Responses"].get(self.name, []))
            wanted = list(answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", []))
            if not wanted:
                return
            time.sleep(pause)
        raise ContendedError

    def delete(self, key: Mapping[str, str], condition: str, values: Mapping[str, Any]) -> None:
        """Delete one row.

        Raises
        ------
        ConditionFailed
            With the row as it stands at position 0.
        """
        self._refusable(
            self.client.delete_item,
            TableName=self.name,
            Key=pack(key),
            ConditionExpression=condition,
            ExpressionAttributeNames=_names(condition),
            ExpressionAttributeValues=pack({f":{n}": v for n, v in values.items()}),
        )

    def discard(self, key: Mapping[str, str]) -> None:
        """Delete one row, in whatever state; that it is gone already is fine."""
        self._patiently(self.client.delete_item, TableName=self.name, Key=pack(key))

    def _refusable(self, call: Callable[..., Any], **request: Any) -> Any:
        try:
            return self._patiently(call, **request | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
        except self.client.exceptions.ConditionalCheckFailedException as error:
            raise ConditionFailed({0: unpack(error.response.get("Item", {}))}) from None  # pyright: ignore[reportArgumentType]

    def _patiently(self, call: Callable[..., Any], **request: Any) -> Any:
        """Write one row, waiting out a transaction that holds it."""
        for pause in _pauses():
            try:
                return call(**request)
            except self.client.exceptions.TransactionConflictException:
                time.sleep(pause)
        raise ContendedError


def transact(client: "DynamoDBClient", writes: Iterable[Write]) -> None:
    """Write all or nothing, waiting out conflicts with other transactions.

    Raises
    ------
    ConditionFailed
        With each refused write's position and row.
    ContendedError
        The rows stayed in other transactions.
    """
    items = list(writes)
    for pause in _pauses():
        try:
            cast("Any", client).transact_write_items(TransactItems=items)
        except client.exceptions.TransactionCanceledException as error:
            reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # pyright: ignore[reportAssignmentType]
            refused = {
                i: unpack(reason.get("Item") or {})
                for i, reason in enumerate(reasons)
                if reason.get("Code") == "ConditionalCheckFailed"
            }
            if refused:
                raise ConditionFailed(refused) from None
            if not {reason.get("Code", "None") for reason in reasons} <= _PASSING:
                raise
            time.sleep(pause)
        else:
            return
    raise ContendedError


def _pauses() -> Iterator[float]:
    for attempt in range(_CONFLICT_TRIES):
        yield random.uniform(0, min(_CONFLICT_PAUSE_MAX, _CONFLICT_PAUSE * 2**attempt))  # noqa: S311 - jitter


_shared: "list[DynamoDBClient]" = []


def shared_client() -> "DynamoDBClient":
    """Return the process's one DynamoDB client; each further one would cost a cold start 25 ms."""
    if not _shared:
        _shared.append(boto3.client("dynamodb", config=Config(retries={"mode": "standard", "total_max_attempts": 5})))
    return _shared[0]
