import json
from dataclasses import fields
from typing import Any

import pytest

from infra.functions import ALL, SWEEPER, VERTEX
from studio import settings
from tests.infra.templates import Templates

SETTINGS: dict[str, Any] = {
    "jobs-api": settings.JobsApi,
    "people-api": settings.PeopleApi,
    "sign-up": settings.SignUp,
    "jobs-stream": settings.JobsStream,
    "publish": settings.Publish,
    "sweeper": settings.JobsStream,
    "vertex": settings.Vertex,
}
COMMON = {"STAGE", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}

each_function = pytest.mark.parametrize("function", [spec.name for spec in ALL])


def variables(templates: Templates, function: str) -> dict[str, str]:
    raw = templates.functions[function]["Environment"]["Variables"]
    return {name: templates.text(value) for name, value in raw.items()}


@each_function
def test_its_environment_is_what_its_settings_read_and_no_more(templates: Templates, function: str) -> None:
    given = variables(templates, function)
    assert given.keys() - COMMON == {field.name.upper() for field in fields(SETTINGS[function])}
    assert settings.read(SETTINGS[function], given)
    assert given["STAGE"] == templates.stage
    assert given["POWERTOOLS_SERVICE_NAME"] == function


def test_all_functions_are_deployed_and_no_other(templates: Templates) -> None:
    assert templates.functions.keys() == {spec.name for spec in ALL}


@each_function
def test_on_aws_it_runs_on_arm_with_the_current_python(aws: Templates, function: str) -> None:
    assert aws.functions[function]["Runtime"] == "python3.14"
    assert aws.functions[function]["Architectures"] == ["arm64"]


def test_workers_are_found_by_their_deployed_names(templates: Templates) -> None:
    for function in ("jobs-stream", "sweeper"):
        workers = json.loads(variables(templates, function)["WORKERS"])
        assert workers == {"vertex": templates.functions["vertex"]["FunctionName"]}


def test_addresses_are_the_providers_own_on_aws_and_loopback_at_home(local: Templates, prod: Templates) -> None:
    assert variables(prod, "publish")["GRAPHQL_URL"] == "<Api.GraphQLUrl>"
    assert variables(prod, "vertex")["VERTEX_ENDPOINT"] == ""
    assert variables(local, "publish")["GRAPHQL_URL"] == "http://127.0.0.1:4000/graphql"
    assert variables(local, "vertex")["VERTEX_ENDPOINT"] == "http://127.0.0.1:4001"


@pytest.mark.parametrize(
    ("function", "seconds"),
    [("jobs-api", 29), ("people-api", 10), ("sign-up", 5), ("jobs-stream", 60), ("publish", 30), ("sweeper", 55)],
)
def test_it_answers_before_whoever_waits_for_it_gives_up(templates: Templates, function: str, seconds: int) -> None:
    assert templates.functions[function]["Timeout"] == seconds


def test_the_worker_has_fifteen_minutes_and_room_for_a_group(templates: Templates) -> None:
    assert (templates.functions["vertex"]["Timeout"], templates.functions["vertex"]["MemorySize"]) == (900, 1024)


@pytest.mark.parametrize(("stage", "days"), [("local", 1), ("dev", 7), ("stage", 30), ("prod", 90)])
def test_logs_are_ours_and_kept_for_the_stages_time(every: dict[str, Templates], stage: str, days: int) -> None:
    groups = every[stage].of("AWS::Logs::LogGroup")
    names = {every[stage].text(group.properties["LogGroupName"]) for group in groups}
    api_log = "/aws/appsync/apis/<Api.ApiId>"
    assert names == {f"/aws/lambda/namo-{stage}-{spec.name}" for spec in ALL} | {api_log}
    assert {group.properties["RetentionInDays"] for group in groups} == {days}
    for function in every[stage].functions.values():
        assert function["LoggingConfig"]["LogGroup"]["Ref"] in {group.id for group in groups}


@each_function
def test_it_is_traced_on_aws_only(local: Templates, aws: Templates, function: str) -> None:
    assert aws.functions[function]["TracingConfig"] == {"Mode": "Active"}
    assert "TracingConfig" not in local.functions[function]


@pytest.mark.parametrize(
    ("stage", "vertex", "publish"), [("local", None, None), ("dev", 5, 5), ("stage", 10, 10), ("prod", 50, 25)]
)
def test_cost_is_capped_where_it_could_run_away(
    every: dict[str, Templates], stage: str, vertex: int | None, publish: int | None
) -> None:
    reserved = {
        name: function["ReservedConcurrentExecutions"]
        for name, function in every[stage].functions.items()
        if "ReservedConcurrentExecutions" in function
    }
    assert reserved == {name: n for name, n in (("vertex", vertex), ("publish", publish)) if n}


def test_background_calls_that_fail_for_good_are_kept(templates: Templates) -> None:
    found: dict[str, tuple[int, str]] = {}
    for config in templates.of("AWS::Lambda::EventInvokeConfig"):
        properties = config.properties
        destination = templates.text(properties["DestinationConfig"]["OnFailure"]["Destination"])
        found[templates.text(properties["FunctionName"])] = properties["MaximumRetryAttempts"], destination
        assert properties["Qualifier"] == "$LATEST"
    assert found == {
        f"<{VERTEX.id}Function>": (2, "<VertexFailed.Arn>"),
        f"<{SWEEPER.id}Function>": (0, "<SweeperFailed.Arn>"),
    }


def test_dead_letters_are_kept_two_weeks_and_encrypted(templates: Templates) -> None:
    queues = templates.of("AWS::SQS::Queue")
    assert len(queues) == 4
    for queue in queues:
        assert queue.properties["MessageRetentionPeriod"] == 14 * 86_400
        assert queue.properties["SqsManagedSseEnabled"] is True


def test_the_sweeper_runs_every_minute(templates: Templates) -> None:
    rule = templates.one("AWS::Events::Rule")
    assert rule.properties["ScheduleExpression"] == "rate(1 minute)"
    (target,) = rule.properties["Targets"]
    assert templates.text(target["Arn"]) == "<SweeperFunction.Arn>"


def test_only_these_may_call_a_function_by_its_own_policy(templates: Templates) -> None:
    callers = {
        (
            templates.text(p.properties["FunctionName"]),
            p.properties["Principal"],
            templates.text(p.properties["SourceArn"]),
        )
        for p in templates.of("AWS::Lambda::Permission")
    }
    assert callers == {
        ("<SweeperFunction.Arn>", "events.amazonaws.com", "<EveryMinute.Arn>"),
        ("<SignUpFunction.Arn>", "cognito-idp.amazonaws.com", "<People.Arn>"),
    }
