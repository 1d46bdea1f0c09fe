"""Calls of DynamoDB of every kind that the studio makes, and what was answered.

Run as a program, moto answers as it is; from a test, it is made quick.
"""

import json
import random
import re
import sys
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

TABLE = "Calls"
KEY = {"owner": {"S": "a"}, "at": {"S": "1"}}
DEFINITION: Any = {
    "TableName": TABLE,
    "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        *({"AttributeName": name, "AttributeType": "S"} for name in ("owner", "at", "state", "made")),
        {"AttributeName": "due", "AttributeType": "N"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "byState",
            "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        },
        {
            "IndexName": "due",
            "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}, {"AttributeName": "due", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["points"]},
        },
    ],
    "LocalSecondaryIndexes": [
        {
            "IndexName": "made",
            "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}, {"AttributeName": "made", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
}
ROW: Any = {
    **KEY,
    "state": {"S": "NEW"},
    "points": {"N": "5"},
    "tags": {"SS": ["x", "y"]},
    "nested": {"M": {"deep": {"L": [{"N": "1"}, {"BOOL": True}, {"NULL": True}]}, "bytes": {"S": "B"}}},
}


def _row(at: str, **more: Any) -> Any:
    return {**ROW, "at": {"S": at}, **more}


def _update(expression: str, condition: str = "", names: Any = None, **values: Any) -> Any:
    given: Any = {"Key": KEY, "UpdateExpression": expression}
    if condition:
        given["ConditionExpression"] = condition
    if names:
        given["ExpressionAttributeNames"] = names
    if values:
        given["ExpressionAttributeValues"] = {f":{name}": value for name, value in values.items()}
    return given


STATE = {"#s": "state"}
ONE, TWO = {"N": "1"}, {"N": "2"}
NEW, DONE = {"S": "NEW"}, {"S": "DONE"}
OLD = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
UPDATES: list[Any] = [
    _update("SET points = points + :n, nested.deep[0] = :n REMOVE tags", n=ONE),
    _update("SET #s = :done", "#s = :new AND points > :n", STATE, done=DONE, new=NEW, n=ONE),
    _update("SET #s = :done", "#s = :new AND points > :n", STATE, done=DONE, new=NEW, n=ONE),
    _update("SET #s = :done", "#s = :new", STATE, done=DONE, new=NEW) | OLD,
    _update("ADD points :n, seen :at", n=TWO, at={"SS": ["1", "2"]}),
    _update("DELETE seen :at", at={"SS": ["2"]}),
    _update("SET hits = if_not_exists(hits, :n) + :n", n=ONE),
    _update("SET hits = if_not_exists(hits, :n) + :n", n=ONE),
    _update("SET nested.deep = list_append(nested.deep, :more)", more={"L": [{"S": "end"}]}),
    _update("SET points = :n, points = :n", n=ONE),  # twice
    _update("SET points = :n SET hits = :n", n=ONE),  # two clauses
    _update("SET nested.nothing.here = :n", n=ONE),
    _update("SET absent = absent + :n", n=ONE),
    _update("SET points = :n", n=ONE, unused=ONE),
    _update("SET points = :unknown", n=ONE),
    _update("SET state = :n", n=ONE),  # a word that DynamoDB keeps for itself
    _update("SET #s = :empty", names=STATE, empty={"S": ""}),
    _update("SET ((", n=ONE),
    _update("SET points = :n", "((points = :n))", n=ONE),
    _update("SET points = :n", "attribute_exists(hits) OR NOT (contains(tags, :x) AND size(tags) > :n)", n=ONE, x=NEW),
    _update(
        "SET points = :n", "points BETWEEN :n AND :m OR #s IN (:new, :done)", STATE, n=ONE, m=TWO, new=NEW, done=DONE
    ),
]


# As studio/dynamo.py writes them: attributes by aliases, and clauses in one order.
ALIASES = {"#0": "points", "#1": "log", "#2": "tags", "#3": "seen", "#s": "state", "#at": "at", "#nested": "nested"}
GIVEN: Any = {
    "one": ONE,
    "two": {"N": "-2.50"},
    "log": {"L": [{"S": "first"}, {"M": {"deep": {"BOOL": False}}}]},
    "x": {"SS": ["x", "z"]},
    "y": {"SS": ["y"]},
    "text": {"S": "NEW"},
    "yes": {"BOOL": True},
    "none": {"NULL": True},
    "kind": {"S": "NULL"},
    "map": {"M": {"a": ONE}},
}
CLAUSES: Any = {
    "SET": ["#0 = :one", "#0 = :two", "#0 = :map", "#1 = :log", "#1 = list_append(#1, :log)", "#2 = :x", "#3 = :none",
            "#s = :text", "#at = :text", "#s = :one", "#1 = :yes"],
    "ADD": ["#0 :one", "#0 :two", "#2 :x", "#2 :y", "#3 :x", "#3 :text"],
    "DELETE": ["#2 :x", "#2 :y", "#3 :x", "#3 :one"],
    "REMOVE": ["#0", "#1", "#2", "#3", "#nested"],
}  # fmt: skip
CONDITIONS = [
    "attribute_not_exists(#s)",
    "attribute_exists(#s) AND #0 >= :one",
    "((attribute_not_exists(#3) OR attribute_type(#3, :kind)) OR size(#3) < :two)",
    "NOT contains(#2, :text) AND #s IN (:text, :one)",
    "#0 BETWEEN :two AND :one OR begins_with(#s, :text)",
    "#0 <> :one OR #0 < :text",
    "#nested.deep[0] = :one AND #nested = :map",
    "#1 = :log OR contains(#1, :text)",
    "#3 <= :none OR #2 = :x",
]
DRAWN = 150


def _drawn() -> Iterator[Any]:
    """Updates that differ, many of which are refused, and the same each time."""
    draw = random.Random(1)
    actions = [(verb, action) for verb, some in CLAUSES.items() for action in some]
    for _ in range(DRAWN):
        drawn = {action.split()[0]: (verb, action) for verb, action in draw.sample(actions, draw.choice((1, 2, 4)))}
        chosen = {verb: ", ".join(each for other, each in drawn.values() if other == verb) for verb in CLAUSES}
        update = " ".join(f"{verb} {some}" for verb, some in chosen.items() if some)
        condition = draw.choice(["", *CONDITIONS])
        text = f"{update} {condition}"
        names = {name: meant for name, meant in ALIASES.items() if re.search(rf"{name}\b", text)}
        values = {name: value for name, value in GIVEN.items() if re.search(rf":{name}\b", text)}
        yield _update(update, condition, names, **values) | {"Key": {**KEY, "at": {"S": draw.choice("13")}}}


def _each(*entries: Any) -> Any:
    return {"TransactItems": [{verb: {"TableName": TABLE, **given}} for verb, given in entries]}


TRANSACTIONS: list[Any] = [
    _each(("Put", {"Item": _row("2")}), ("Update", _update("SET points = :n", n=TWO))),
    _each(
        ("Put", {"Item": _row("3")}),
        ("Update", _update("SET points = :n", "points = :m", n=ONE, m=ONE) | OLD),
        ("ConditionCheck", {"Key": {**KEY, "at": {"S": "9"}}, "ConditionExpression": "attribute_not_exists(points)"}),
    ),
    _each(("Delete", {"Key": KEY, "ConditionExpression": "points = :n", "ExpressionAttributeValues": {":n": ONE}})),
    _each(("Update", _update("SET points = :n", n=ONE)), ("Delete", {"Key": KEY})),  # one row twice
    _each(("Put", {"Item": _row("4")}), ("Update", _update("SET points = :unknown", n=ONE))),
]
QUERY: Any = {
    "KeyConditionExpression": "#o = :o AND #t > :t",
    "ExpressionAttributeNames": {"#o": "owner", "#t": "at"},
    "ExpressionAttributeValues": {":o": {"S": "a"}, ":t": {"S": "0"}},
}


def _query(condition: str, **given: Any) -> Any:
    """Return a query whose names and values are those of its condition: `#at` is "at"."""
    values = {":o": {"S": "a"}, ":s": NEW, ":n": ONE, ":m": {"N": "20"}, ":t": {"S": "11"}, ":u": {"S": "14"}}
    return {
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": {name: name[1:] for name in re.findall(r"#\w+", condition)},
        "ExpressionAttributeValues": {name: values[name] for name in re.findall(r":\w+", condition)},
    } | given


# Rows of one owner, the later the sooner due, some not due at all; and three that do not fit into a page.
LISTED: list[Any] = [
    _row(str(n), made={"S": str(30 - n)}, **({"due": {"N": str(40 - 2 * n)}} if n % 4 else {})) for n in range(10, 19)
]
LARGE: list[Any] = [_row(str(n), due={"N": "5"}, made={"S": "5"}, big={"S": "x" * 370_000}) for n in range(19, 22)]
START = {**KEY, "at": {"S": "13"}}
QUERIES: list[Any] = [
    _query(condition, **index, **order, **some)
    for condition, index in (
        ("#owner = :o", {}),
        ("#owner = :o", {"ConsistentRead": True}),
        ("#owner = :o AND #at = :t", {}),
        ("#owner = :o AND #at <= :t", {}),
        ("#owner = :o AND #at BETWEEN :t AND :u", {}),
        ("#owner = :o AND begins_with(#at, :t)", {}),
        ("#owner = :o AND #made >= :t", {"IndexName": "made", "ConsistentRead": True}),
        ("#owner = :o", {"IndexName": "made"}),
        ("#state = :s", {"IndexName": "byState"}),
        ("#state = :s AND #due < :m", {"IndexName": "due"}),
        ("#state = :s AND #due >= :n", {"IndexName": "due"}),
        ("#state = :s", {"IndexName": "due"}),
    )
    for order in ({}, {"ScanIndexForward": False})
    for some in (
        {},
        {"Limit": 3},
        {"Limit": 1, "ExclusiveStartKey": START},
        {"ExclusiveStartKey": {**START, "state": NEW, "due": {"N": "14"}, "made": {"S": "17"}}, "Limit": 4},
        {"ExclusiveStartKey": {**START, "state": DONE, "due": {"S": "14"}, "made": {"S": "17"}}},
    )
] + [
    _query("#owner = :s"),
    _query("#at = :t"),
    _query("#at > :t AND #owner = :o"),
    _query("#owner = :o AND #made > :t"),
    _query("#owner = :o AND #at > :n"),
    _query("#owner > :o"),
    _query("#state = :s", IndexName="none"),
    _query("#state = :s", IndexName="byState", ConsistentRead=True),
    _query("#state = :s AND #at > :t", IndexName="byState"),
    _query("#owner = :o", Select="COUNT"),
    _query("#owner = :o", ExpressionAttributeNames={"#owner": "owner", "#more": "at"}),
    _query("#owner = :o", ExpressionAttributeValues={":o": {"S": "a"}, ":more": ONE}),
    _query("#owner = :o", ExpressionAttributeValues={":o": ONE}),
    _query("#owner = :o", ExpressionAttributeValues={}),
    _query("", ExpressionAttributeValues={":o": ONE}),
]
READS: list[tuple[str, Any]] = [
    ("get_item", {"Key": KEY, "ConsistentRead": True}),
    ("get_item", {"Key": {**KEY, "at": {"S": "none"}}}),
    ("get_item", {"Key": KEY, "ProjectionExpression": "#s, nested.deep", "ExpressionAttributeNames": STATE}),
    ("get_item", {"Key": {"owner": {"S": "a"}}}),
    ("query", {**QUERY, "Limit": 1}),
    ("query", {**QUERY, "ScanIndexForward": False}),
    ("query", {**QUERY, "FilterExpression": "attribute_exists(tags)", "Select": "COUNT"}),
    ("query", {"IndexName": "byState", "KeyConditionExpression": "#s = :s", "ExpressionAttributeNames": STATE,
               "ExpressionAttributeValues": {":s": NEW}}),
    ("scan", {"Limit": 2}),
    ("scan", {"FilterExpression": "points > :n", "ExpressionAttributeValues": {":n": ONE}}),
    ("describe_table", {}),
]  # fmt: skip


def answers(client: Any) -> Iterator[Any]:
    """Make every call, and yield what each was answered."""
    client.create_table(**DEFINITION)
    puts = [ROW, _row("5", state=DONE), _row("6"), _row("7", big={"S": "x" * 400_000})]
    for item in puts:
        yield _outcome(client.put_item, TableName=TABLE, Item=item, ReturnValues="ALL_OLD")
    yield _outcome(
        client.put_item, TableName=TABLE, Item=ROW, ConditionExpression="attribute_not_exists(points)", **OLD
    )
    yield _outcome(client.put_item, TableName=TABLE, Item=_row("8", big={"S": "x" * 500_000}))
    yield _outcome(client.put_item, TableName=TABLE, Item=_row("8", half={"S": "\ud800"}))
    yield _outcome(client.put_item, TableName="Nowhere", Item=ROW)
    for given in UPDATES:
        for returned in ("ALL_NEW", "UPDATED_OLD"):
            yield _outcome(client.update_item, TableName=TABLE, ReturnValues=returned, **given)
    for given in _drawn():
        yield _outcome(client.update_item, TableName=TABLE, ReturnValues="ALL_NEW", **given, **OLD)
        yield _outcome(client.transact_write_items, **_each(("Put", {"Item": _row("4")}), ("Update", given | OLD)))
    for given in TRANSACTIONS:
        yield _outcome(client.transact_write_items, **given)
    for call, given in READS:
        yield _outcome(getattr(client, call), TableName=TABLE, **given)
    for rows, queries in ((LISTED, QUERIES), (LARGE, QUERIES[::7])):
        for item in rows:
            yield _outcome(client.put_item, TableName=TABLE, Item=item)
        for given in queries:
            yield _outcome(client.query, TableName=TABLE, **given)
    keys = {"Keys": [KEY, {**KEY, "at": {"S": "5"}}, {**KEY, "at": {"S": "none"}}]}
    yield _outcome(client.batch_get_item, RequestItems={TABLE: keys})
    yield _outcome(
        client.transact_get_items, **_each(("Get", {"Key": KEY}), ("Get", {"Key": {**KEY, "at": {"S": "0"}}}))
    )
    yield _outcome(client.batch_write_item, RequestItems={TABLE: [{"DeleteRequest": {"Key": KEY}}]})
    yield _outcome(client.delete_item, TableName=TABLE, Key={**KEY, "at": {"S": "5"}}, ReturnValues="ALL_OLD")
    client.delete_table(TableName=TABLE)


def _outcome(call: Any, **given: Any) -> Any:
    try:
        answer: Any = call(**given)
    except ClientError as refusal:
        answer = {**refusal.response, "raised": type(refusal).__name__, "text": str(refusal)}
    except Exception as fault:  # noqa: BLE001 - what moto cannot do, it cannot do in either way
        return [type(fault).__name__, str(fault)]
    status = answer.pop("ResponseMetadata")["HTTPStatusCode"]
    answer.get("Table", {}).pop("CreationDateTime", None)
    answer.get("Table", {}).pop("TableId", None)
    return json.loads(json.dumps([status, answer], sort_keys=True, default=repr))


if __name__ == "__main__":
    with mock_aws():
        json.dump(list(answers(boto3.client("dynamodb", region_name=sys.argv[1]))), sys.stdout)
