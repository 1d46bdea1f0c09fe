"""Every `*` that allows something, with the reason why AWS has nothing narrower."""

import re
from collections.abc import Iterator

from tests.infra.templates import Resource, Templates, listed

PREFIXES = "results|incoming|uploads|resized|signed|quarantine|inference|documents|avatars"
FOLLOWED = ("Jobs", "People", "Uploads", "Payments", "Documents", "Orders", "PrintOrders", "Ledger", "Audit")

REASONS = {
    r"xray:Put\w+ on \*": "X-Ray's write actions know no resource.",
    rf"s3:(Get|Put|Delete)Object(Tagging)? on <Media\.Arn>/({PREFIXES})(/\w+)?/\*": (
        "The images of jobs that nobody has asked for yet, and of people who have not come yet."
    ),
    r"s3:AbortMultipartUpload on <Media\.Arn>/inference/output/\*": "Answers of jobs that nobody has asked for yet.",
    r"ecr:GetAuthorizationToken on \*": "A registry's token belongs to no repository.",
    r"cloudwatch:PutMetricData on \*": "Metrics know no resource; a condition holds it to a namespace.",
    rf"dynamodb:ListStreams on <({'|'.join(FOLLOWED)})\.Arn>/stream/\*": (
        "It is what finds a stream's name, so it cannot hold one."
    ),
    r"logs:\w+ on arn:<AWS::Partition>:logs:ap-southeast-1:<AWS::AccountId>:log-group:/aws/appsync/apis/\*": (
        "The group is named after the API, and the API names this role."
    ),
    r"s3:PutObject on <Archive\.Arn>/\*": "Lines that nobody has written yet; a condition holds it to new objects.",
    r"s3:PutObject on <AccessLogs\.Arn>/(media|archive)/\*": "S3 names the log files that it delivers.",
    r"kms:Decrypt on \*": "A key's own policy: `*` is the key itself, and a condition holds it to our distributions.",
    r"kms:\* on \*": "A key's own policy: the account's administrators, and `*` is the key itself.",
}


def wildcards(templates: Templates) -> Iterator[str]:
    """Yield every allowed action on every resource where either holds a star."""
    for resource in templates.resources:
        for document in _documents(resource):
            for statement in document["Statement"]:
                if statement["Effect"] == "Allow":
                    for action in listed(statement["Action"]):
                        for on in listed(statement.get("Resource", [])):
                            if "*" in action or "*" in templates.text(on):
                                yield f"{action} on {templates.text(on)}"


def _documents(resource: Resource) -> Iterator[dict[str, list[dict[str, object]]]]:
    for name in ("PolicyDocument", "KeyPolicy"):
        if name in resource.properties:
            yield resource.properties[name]


def test_each_has_a_reason(templates: Templates) -> None:
    assert [found for found in wildcards(templates) if not any(re.fullmatch(r, found) for r in REASONS)] == []


def test_each_reason_is_still_needed(prod: Templates) -> None:
    found = list(wildcards(prod))
    assert [reason for reason in REASONS if not any(re.fullmatch(reason, each) for each in found)] == []


def test_no_action_is_a_wildcard_but_in_a_keys_own_policy(templates: Templates) -> None:
    assert {each for each in wildcards(templates) if "*" in each.split(" on ")[0]} <= {"kms:* on *"}
