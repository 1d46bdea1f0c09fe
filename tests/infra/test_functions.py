import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import cast, get_args, get_type_hints

import pytest

from infra.app import build
from infra.constructs import factory
from infra.declaration import DeclarationError, FunctionSpec, QueueMessages, StackName
from infra.functions import ALL, WORKER_SPECS, declared
from infra.limits import Concurrency, ConcurrencyLimit
from infra.secrets import SECRETS, secret_name
from infra.stages import StageError
from infra.zips import ROOT
from studio.settings import payments as settings
from studio.settings.environment import read_settings
from tests.infra.templates import Templates, logical
from tests.stages import BANK, LOCAL_CONTEXT, MODELS, PAGE, stage_named

COMMON = {"STAGE", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"}
# What libraries read by themselves.
AT_HOME = {
    "bedrock": {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": MODELS},
    "model-probe": {"AWS_ENDPOINT_URL_BEDROCK": MODELS},
    "sagemaker": {"AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": MODELS},
    "browser": {"PLAYWRIGHT_NODEJS_PATH": LOCAL_CONTEXT["node"]},
    "boards": {"FIRESTORE_EMULATOR_HOST": LOCAL_CONTEXT["firestoreHost"]},
}
EXECUTE = "arn:<AWS::Partition>:execute-api:ap-southeast-1:<AWS::AccountId>"
ON_AWS = {"browser": {"HOME": "/tmp"}}

each_function = pytest.mark.parametrize("function", [spec.name for spec in ALL])


def variables(templates: Templates, function: str) -> dict[str, str]:
    raw = templates.functions[function]["Environment"]["Variables"]
    return {name: templates.text(value) for name, value in raw.items()}


@each_function
def test_its_environment_is_what_its_settings_read_and_no_more(templates: Templates, function: str) -> None:
    given = variables(templates, function)
    libraries = (AT_HOME if templates.stage == "local" else ON_AWS).get(function, {})
    assert libraries.items() <= given.items()
    record = declared(function).settings
    assert given.keys() - COMMON - libraries.keys() == {name.upper() for name in get_type_hints(record)}
    assert read_settings(record, given)
    assert given["STAGE"] == templates.stage
    assert given["POWERTOOLS_SERVICE_NAME"] == function


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_its_handler_reads_the_settings_that_it_is_declared_with(spec: FunctionSpec) -> None:
    module = ROOT / f"{spec.handler.removesuffix('.handler').replace('.', '/')}.py"
    assert re.findall(r"read_settings\(settings\.(\w+)\)", module.read_text()) == [spec.settings.__name__]


@pytest.mark.parametrize("setting", ["moon_phase", "strype_secret"])
def test_a_setting_that_nothing_sets_stops_the_synthesis_with_its_name(
    monkeypatch: pytest.MonkeyPatch, alone: pytest.MonkeyPatch, tmp_path: Path, setting: str
) -> None:
    del alone
    monkeypatch.setitem(settings.Rates.__annotations__, setting, str)
    with pytest.raises(StageError, match=f"rates reads {setting.upper()}, which nothing sets at stage local"):
        build(stage_named("local"), tmp_path)


def test_every_secret_is_made_by_the_operators_page() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    missing = {each for each in SECRETS if f"`{secret_name('<stage>', each)}`" not in page}
    assert {each for each in missing if f"--name {secret_name('<stage>', each)} " not in page} == set()


@pytest.mark.parametrize(
    ("function", "stack"),
    [("jobs-api", "jobs"), ("webhooks", "api"), ("sign-up", "api"), ("sagemaker-done", "payments")],
)
def test_a_trigger_in_a_stack_that_does_not_connect_it_is_refused(function: str, stack: StackName) -> None:
    spec = declared(function)
    with pytest.raises(DeclarationError, match=f"{function} stands in {stack}, but .* connected in {spec.stack}"):
        replace(spec, stack=stack)


def test_a_queue_that_is_not_made_by_then_stops_the_synthesis(
    monkeypatch: pytest.MonkeyPatch, alone: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    del alone
    misspelt = QueueMessages("BORDS_QUEUE", batch=10, concurrency=5)
    changed = tuple(replace(spec, trigger=misspelt) if spec.name == "boards" else spec for spec in ALL)
    monkeypatch.setattr(factory, "ALL", changed)
    with pytest.raises(StageError, match="boards reads BORDS_QUEUE, a queue that no stack up to jobs makes"):
        build(stage_named("local"), tmp_path)


def test_a_limit_that_no_stage_has_is_refused() -> None:
    with pytest.raises(DeclarationError, match="vertex names the limit worker, which no stage has"):
        replace(declared("vertex"), concurrency=cast("ConcurrencyLimit", "worker"))
    assert get_args(ConcurrencyLimit) == tuple(field.name for field in fields(Concurrency))


def test_every_module_of_functions_declares_one() -> None:
    folder = ROOT / "infra/functions"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == {spec.name.replace("-", "_") for spec in ALL}


def test_all_functions_are_deployed_and_no_other(templates: Templates) -> None:
    assert templates.functions.keys() == {spec.name for spec in ALL}


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_on_aws_it_runs_on_arm_with_the_current_python(aws: Templates, spec: FunctionSpec) -> None:
    found = aws.functions[spec.name]
    assert found["Architectures"] == ["arm64"]
    assert found.get("Runtime") == (None if spec.image else "python3.14")


def test_what_is_too_large_for_a_zip_is_a_container_image_on_aws(aws: Templates, local: Templates) -> None:
    browser = aws.functions["browser"]
    assert browser["PackageType"] == "Image"
    assert browser["ImageConfig"] == {"Command": ["workers.browser.handler"]}
    assert local.functions["browser"]["Handler"] == "workers.browser.handler"
    assert "PackageType" not in local.functions["browser"]


def test_workers_are_found_by_their_deployed_names(templates: Templates) -> None:
    for function in ("jobs-api", "people-api", "jobs-stream", "sweeper"):
        workers = json.loads(variables(templates, function)["WORKERS"])
        assert workers == {spec.name: templates.functions[spec.name]["FunctionName"] for spec in WORKER_SPECS}


def test_addresses_are_the_providers_own_on_aws_and_loopback_at_home(local: Templates, prod: Templates) -> None:
    assert variables(prod, "publish")["GRAPHQL_URL"] == "<Api.GraphQLUrl>"
    assert variables(prod, "vertex")["VERTEX_ENDPOINT"] == ""
    assert json.loads(variables(prod, "browser")["PROVIDER_MODELS"]) == {"nanobanana-basic": PAGE}
    assert json.loads(variables(local, "browser")["PROVIDER_MODELS"]) == {"nanobanana-basic": f"{MODELS}/page"}
    assert variables(local, "publish")["GRAPHQL_URL"] == "http://127.0.0.1:4000/graphql"
    assert variables(local, "vertex")["VERTEX_ENDPOINT"] == MODELS
    assert variables(prod, "payments-api")["STRIPE_URL"] == ""
    assert variables(local, "payments-api")["STRIPE_URL"] == BANK


@pytest.mark.parametrize(
    ("function", "seconds"),
    [
        ("jobs-api", 29),
        ("people-api", 20),
        ("media-api", 10),
        ("orders-api", 20),
        ("payments-api", 29),
        ("webhooks", 10),
        ("payments-reconciler", 55),
        ("orders-reconciler", 55),
        ("accounts-reconciler", 55),
        ("rates", 30),
        ("model-probe", 300),
        ("sign-up", 5),
        ("jobs-stream", 60),
        ("publish", 30),
        ("archive", 60),
        ("sweeper", 55),
        ("sagemaker-done", 60),
        ("resizer", 120),
        ("credentials", 20),
        ("credentials-check", 20),
        ("boards", 30),
        ("payments-stream", 30),
        ("uploads-stream", 30),
        ("collage-previews", 30),
        ("fulfilment", 60),
        ("mail", 30),
        ("mail-feedback", 10),
        ("unsubscribe", 10),
        ("printer-callbacks", 10),
        ("printing-stream", 300),
        ("printing-reconciler", 120),
    ],
)
def test_it_answers_before_whoever_waits_for_it_gives_up(templates: Templates, function: str, seconds: int) -> None:
    assert templates.functions[function]["Timeout"] == seconds


@pytest.mark.parametrize(
    ("worker", "megabytes"), [("vertex", 1024), ("bedrock", 1024), ("sagemaker", 512), ("browser", 2048)]
)
def test_a_worker_has_fifteen_minutes_and_room_for_a_group(templates: Templates, worker: str, megabytes: int) -> None:
    assert (templates.functions[worker]["Timeout"], templates.functions[worker]["MemorySize"]) == (900, megabytes)


@pytest.mark.parametrize(("stage", "days"), [("local", 1), ("dev", 7), ("stage", 30), ("prod", 90)])
def test_logs_are_ours_and_kept_for_the_stages_time(every: dict[str, Templates], stage: str, days: int) -> None:
    groups = every[stage].of("AWS::Logs::LogGroup")
    names = {every[stage].text(group.properties["LogGroupName"]) for group in groups}
    beside = {"/aws/appsync/apis/<Api.ApiId>"}
    if stage != "local":
        beside.add(f"/aws/sagemaker/Endpoints/namo-{stage}-sdxl")
    if stage in {"stage", "prod"}:
        beside.add(f"/aws/vendedlogs/namo-{stage}-webhooks")
    assert names == {f"/aws/lambda/namo-{stage}-{spec.name}" for spec in ALL} | beside
    assert {group.properties["RetentionInDays"] for group in groups} == {days}
    for function in every[stage].functions.values():
        assert function["LoggingConfig"]["LogGroup"]["Ref"] in {group.id for group in groups}


@each_function
def test_it_is_traced_on_aws_only(local: Templates, aws: Templates, function: str) -> None:
    assert aws.functions[function]["TracingConfig"] == {"Mode": "Active"}
    assert "TracingConfig" not in local.functions[function]


def test_cost_is_capped_where_it_could_run_away(aws: Templates) -> None:
    caps = {"vertex": 50, "bedrock": 50, "documents": 50, "credentials": 50, "browser": 10, "publish": 25}
    assert _reserved(aws) == caps


def test_without_figures_nothing_is_reserved(local: Templates, other: Templates) -> None:
    assert _reserved(local) == _reserved(other) == {}


def _reserved(templates: Templates) -> dict[str, int]:
    return {
        name: function["ReservedConcurrentExecutions"]
        for name, function in templates.functions.items()
        if "ReservedConcurrentExecutions" in function
    }


def test_background_calls_that_fail_for_good_are_kept(templates: Templates) -> None:
    found: dict[str, tuple[int, str]] = {}
    for config in templates.of("AWS::Lambda::EventInvokeConfig"):
        properties = config.properties
        destination = templates.text(properties["DestinationConfig"]["OnFailure"]["Destination"])
        found[templates.text(properties["FunctionName"])] = properties["MaximumRetryAttempts"], destination
        assert properties["Qualifier"] == "$LATEST"
    tried_again = (*(spec.id for spec in WORKER_SPECS), "SagemakerDone", "MailFeedback", "Resizer")
    tries = {
        **dict.fromkeys(tried_again, 2),
        **dict.fromkeys(("Sweeper", "Rates", "ModelProbe"), 0),
        **dict.fromkeys((f"{area}Reconciler" for area in ("Accounts", "Payments", "Orders", "Printing")), 0),
    }
    assert found == {f"<{name}Function>": (retries, f"<{name}Failed.Arn>") for name, retries in tries.items()}


def test_dead_letters_are_kept_two_weeks_and_encrypted(templates: Templates) -> None:
    queues = [
        queue for queue in templates.of("AWS::SQS::Queue") if logical(queue.id) not in {"BoardsQueue", "MailQueue"}
    ]
    assert len(queues) == 25
    for queue in queues:
        assert queue.properties["MessageRetentionPeriod"] == 14 * 86_400
        assert queue.properties["SqsManagedSseEnabled"] is True


def test_what_is_due_is_looked_for_in_time(templates: Templates) -> None:
    schedules = {
        templates.text(target["Arn"]): rule.properties["ScheduleExpression"]
        for rule in templates.of("AWS::Events::Rule")
        if "ScheduleExpression" in rule.properties
        for target in rule.properties["Targets"]
    }
    assert schedules == {
        "<SweeperFunction.Arn>": "rate(1 minute)",
        "<PaymentsReconcilerFunction.Arn>": "rate(1 minute)",
        "<PrintingReconcilerFunction.Arn>": "rate(1 minute)",
        "<OrdersReconcilerFunction.Arn>": "rate(1 minute)",
        "<AccountsReconcilerFunction.Arn>": "rate(1 minute)",
        "<RatesFunction.Arn>": "rate(1 hour)",
        "<ModelProbeFunction.Arn>": "rate(1 day)",
    }


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
        ("<SweeperFunction.Arn>", "events.amazonaws.com", "<SweeperDue.Arn>"),
        ("<PaymentsReconcilerFunction.Arn>", "events.amazonaws.com", "<PaymentsReconcilerDue.Arn>"),
        ("<PrintingReconcilerFunction.Arn>", "events.amazonaws.com", "<PrintingReconcilerDue.Arn>"),
        ("<OrdersReconcilerFunction.Arn>", "events.amazonaws.com", "<OrdersReconcilerDue.Arn>"),
        ("<PrinterCallbacksFunction.Arn>", "apigateway.amazonaws.com", f"{EXECUTE}:<WebhookApi>/*/*/printer"),
        ("<AccountsReconcilerFunction.Arn>", "events.amazonaws.com", "<AccountsReconcilerDue.Arn>"),
        ("<RatesFunction.Arn>", "events.amazonaws.com", "<RatesDue.Arn>"),
        ("<ModelProbeFunction.Arn>", "events.amazonaws.com", "<ModelProbeDue.Arn>"),
        *(
            ("<WebhooksFunction.Arn>", "apigateway.amazonaws.com", f"{EXECUTE}:<WebhookApi>/*/*/{path}")
            for path in ("vnpay/ipn", "stripe/webhook", "return")
        ),
        ("<UnsubscribeFunction.Arn>", "apigateway.amazonaws.com", f"{EXECUTE}:<WebhookApi>/*/*/unsubscribe"),
        ("<MailFeedbackFunction.Arn>", "sns.amazonaws.com", "<MailEvents>"),
        ("<ResizerFunction.Arn>", "events.amazonaws.com", "<ResizerImageArrived.Arn>"),
        ("<SagemakerDoneFunction.Arn>", "sns.amazonaws.com", "<InferenceSuccess>"),
        ("<SagemakerDoneFunction.Arn>", "sns.amazonaws.com", "<InferenceError>"),
        ("<SignUpFunction.Arn>", "cognito-idp.amazonaws.com", "<People.Arn>"),
    }


def test_albums_have_room_for_their_files(templates: Templates) -> None:
    (documents,) = [
        each for each in templates.of("AWS::Lambda::Function") if "documents" in str(each.properties["FunctionName"])
    ]
    assert documents.properties["EphemeralStorage"] == {"Size": 4608}
