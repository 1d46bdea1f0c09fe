"""Each role, held against `expected_rights`. `python -m pytest tests/infra/test_rights.py -rP` prints it."""

import pytest

from infra.functions import ALL
from tests.infra.expected_rights import DATA, expected
from tests.infra.templates import Templates, listed


def _own_log(function: str) -> set[tuple[str, str]]:
    group = f"<{next(spec.id for spec in ALL if spec.name == function)}Logs.Arn>"
    return {("logs:CreateLogStream", group), ("logs:PutLogEvents", group)}


@pytest.mark.parametrize("function", [spec.name for spec in ALL])
def test_a_role_holds_what_its_function_needs_and_no_more(templates: Templates, function: str) -> None:
    rights = templates.rights(templates.role_of(function))
    for action, resource in sorted(rights):
        print(f"{function:12} {action:32} {resource}")  # noqa: T201 - the table itself
    common = _own_log(function)
    if templates.stage != "local":
        common |= {("xray:PutTraceSegments", "*"), ("xray:PutTelemetryRecords", "*")}
    assert {right for right in rights - common if not right[0].startswith("kms:")} == expected(
        templates.stage, function
    )
    assert common <= rights


@pytest.mark.parametrize("function", [spec.name for spec in ALL])
def test_whoever_reads_is_told_what_is_not_there_and_lists_nothing(templates: Templates, function: str) -> None:
    """S3 asks for the right to list with the object's key as the prefix; without it a missing object is forbidden."""
    found = [s for s in templates.statements(templates.role_of(function)) if "s3:ListBucket" in listed(s["Action"])]
    places = [place for place, actions in DATA[function].items() if "ListBucket" in actions]
    prefixes = [each for s in found for each in listed(s["Condition"]["StringLike"]["s3:prefix"])]
    assert sorted(prefixes) == sorted(prefix for place in places for prefix in prefixes_of(place))


def prefixes_of(place: str) -> list[str]:
    """Return the least that has to be known of a key below a place: a whole random id where there are many."""
    uuid = "????????-????-????-????-????????????"
    made = place in {"results/", "resized/", "signed/"}
    return [f"{place}{uuid}*", f"{place}*/{uuid}*"] if made else [f"{place}{16 * '?'}*"]


@pytest.mark.parametrize("function", [spec.name for spec in ALL])
def test_the_stages_key_is_used_through_the_stores_that_its_function_uses(prod: Templates, function: str) -> None:
    role = prod.role_of(function)
    rights = {action.partition(":")[::2] for action, _ in prod.rights(role)}
    used = {store for store in ("dynamodb", "s3") if rights & {(store, action) for action in (*READS, *WRITES)}}
    written = {store for store in ("dynamodb", "s3") if rights & {(store, action) for action in WRITES}}
    archived = {"s3"} if function == "archive" else set[str]()  # its bucket lies under S3's own key
    assert key_uses(prod, role, "Decrypt", "DescribeKey") == used - archived
    assert key_uses(prod, role, "Encrypt", "GenerateDataKey") == written - archived


READS = ("GetItem", "BatchGetItem", "Query", "ConditionCheckItem", "GetRecords", "DeleteItem", "GetObject")
WRITES = ("PutItem", "UpdateItem", "PutObject")


def key_uses(templates: Templates, role: str, *actions: str) -> set[str]:
    """Return the stores through which a role may do this with the stage's key, which it names nowhere else."""
    found: set[str] = set()
    for statement in templates.statements(role):
        if listed(statement["Action"]) == [f"kms:{action}" for action in actions]:
            assert templates.text(statement["Resource"]) == "<Key.Arn>"
            services = listed(statement["Condition"]["StringEquals"]["kms:ViaService"])
            found |= {each.removesuffix(".ap-southeast-1.amazonaws.com") for each in services}
    return found


def test_the_stages_key_is_in_no_other_statement(prod: Templates) -> None:
    pairs = {("kms:Decrypt", "kms:DescribeKey"), ("kms:Encrypt", "kms:GenerateDataKey")}
    for spec in ALL:
        for statement in prod.statements(prod.role_of(spec.name)):
            actions = tuple(listed(statement["Action"]))
            assert actions in pairs or not any(action.startswith("kms:") for action in actions)


def test_results_are_written_only_where_nothing_is(templates: Templates) -> None:
    for spec in ALL:
        for statement in templates.statements(templates.role_of(spec.name)):
            if "s3:PutObject" in listed(statement["Action"]) and "/results/" in templates.text(statement["Resource"]):
                assert listed(statement["Action"]) == ["s3:PutObject"]
                assert statement["Condition"] == {"Null": {"s3:if-none-match": "false"}}


def test_no_two_functions_share_a_role(templates: Templates) -> None:
    roles = [templates.role_of(spec.name) for spec in ALL]
    assert len(set(roles)) == len(ALL)


def test_no_role_takes_a_managed_policy_or_hides_rights_inline(templates: Templates) -> None:
    for role in templates.of("AWS::IAM::Role"):
        assert not {"ManagedPolicyArns", "Policies"} & role.properties.keys(), role.id


SOURCES = (
    ("jobs", "jobs-api"),
    ("people", "people-api"),
    ("media", "media-api"),
    ("payments", "payments-api"),
)
SERVICES = {"lambda.amazonaws.com", "appsync.amazonaws.com", "sagemaker.amazonaws.com"}


def test_every_role_serves_one_service(templates: Templates) -> None:
    for role in templates.of("AWS::IAM::Role"):
        (statement,) = role.properties["AssumeRolePolicyDocument"]["Statement"]
        if role.id.startswith(("GuestsUnauthenticatedRole", "GuestsAuthenticatedRole")):
            continue  # held by test_guests.py
        assert statement["Principal"]["Service"] in SERVICES
        assert statement["Action"] == "sts:AssumeRole"


def test_appsync_may_invoke_exactly_the_functions_behind_its_data_sources(templates: Templates) -> None:
    for name, function in SOURCES:
        source = templates.one("AWS::AppSync::DataSource", Name=name)
        role = source.properties["ServiceRoleArn"]["Fn::GetAtt"][0]
        ((action, resource),) = templates.rights(role)
        assert action == "lambda:InvokeFunction"
        assert resource.endswith(f"function:<{''.join(w.capitalize() for w in function.split('-'))}Function>")
