"""What the emulator's IAM is told of a request."""

import json

import pytest

from local.emulator_iam import attributes, by_part, naming_attributes_of_parts, naming_conditional_writes
from studio.dynamo import Table, update
from tests.unit.world import World

KEY = {"id": {"S": "1"}}


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ({"Key": KEY}, ["id"]),
        ({"Item": {"id": {}, "points": {}}}, ["id", "points"]),
        ({"ProjectionExpression": "id, address.city, tags[0]"}, ["address", "id", "tags"]),
        (
            {
                "Key": KEY,
                "UpdateExpression": "SET #0 = list_append(#0, :0), plain=:points, a.b = if_not_exists(c, :c) ADD n :n",
                "ConditionExpression": "attribute_not_exists(#gone) AND size( big ) < :size OR NOT contains(#set, :x)",
                "ExpressionAttributeNames": {"#0": "history", "#gone": "leftAt", "#set": "ahead"},
            },
            ["a", "ahead", "big", "c", "history", "id", "leftAt", "n", "plain"],
        ),
        (
            {"UpdateExpression": "DELETE #among :ids REMOVE due", "ExpressionAttributeNames": {"#among": "x"}},
            ["due", "x"],
        ),
        ({"FilterExpression": "charge > :c"}, ["charge"]),
        (
            {"Key": KEY, "AttributeUpdates": {"charge": {"Action": "PUT"}}, "Expected": {"owner": {}}},
            ["charge", "id", "owner"],
        ),
        ({"Key": KEY, "AttributesToGet": ["spec"]}, ["id", "spec"]),
        (
            {"KeyConditions": {"id": {}}, "QueryFilter": {"role": {}}, "ScanFilter": {"email": {}}},
            ["email", "id", "role"],
        ),
    ],
)
def test_every_attribute_that_a_request_names_is_found(request_: dict[str, object], named: list[str]) -> None:
    assert attributes(request_) == named


def test_what_our_updates_name_is_found(world: World) -> None:
    change = update({"id": "1"}, condition="#d = :d", values={"d": 1}, set={"a": 1}, add={"b": 2}, remove=("c",))
    assert attributes(Table("Jobs", world.client).change(change)["Update"]) == ["a", "b", "c", "d", "id"]


def test_a_part_of_a_transaction_is_judged_by_its_own_attributes() -> None:
    parts = [{"Update": {"Key": KEY, "UpdateExpression": "SET a = :a"}}, {"Put": {"Item": {"b": {}}}}]
    checks_of = naming_attributes_of_parts(lambda *_: [("dynamodb:UpdateItem", "arn:1"), ("dynamodb:PutItem", "arn:2")])
    enforce = by_part(lambda **given: (given["resource_arn"], given["service_context"]))
    judged = [
        enforce(resource_arn=arn, service_context={"x": 1})
        for _, arn in checks_of("dynamodb:TransactWriteItems", json.dumps({"TransactItems": parts}).encode())
    ]
    assert judged == [
        ("arn:1", {"x": 1, "dynamodb:Attributes": ["a", "id"]}),
        ("arn:2", {"x": 1, "dynamodb:Attributes": ["b"]}),
    ]


def test_a_conditional_write_says_so() -> None:
    context_of = naming_conditional_writes(lambda *_: {})
    assert context_of("s3:PutObject", {}, "/b/k", {"if-none-match": "*"}) == {"s3:if-none-match": "*"}
    assert context_of("s3:PutObject", {}, "/b/k", {}) == {}
