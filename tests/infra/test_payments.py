"""The webhook API for payment providers, and their secrets: by name, for those who need them."""

import json
import re
from fnmatch import fnmatchcase

import pytest

from infra.functions import ALL
from studio.payments.providers.registry import PROVIDERS
from studio.settings import payments as settings
from studio.settings.environment import read_settings
from tests.infra.templates import STACKS, Templates, logical
from tests.stages import AWS

ROUTES = {"GET /vnpay/ipn", "POST /stripe/webhook", "GET /return"}
STOPS = {"GET /unsubscribe", "POST /unsubscribe"}
PRINTER = "POST /printer"
OPEN = {"GET /return", PRINTER, *STOPS}
# How the values begin, or look: Stripe's keys, VNPAY's hash secrets, what a key of any kind is written as.
SECRET = re.compile(
    r"""\b[sr]k_(?:live|test)_\w+ | \bwhsec_\w+ | \bpk_(?:live|test)_\w+ | \bAKIA[A-Z0-9]{16}\b
    | -----BEGIN | (?<![\w.])[A-Z0-9]{32}(?![\w.])""",
    re.VERBOSE,
)
WHO_READS = {
    "payments-api": {"VNPAY_SECRET": "vnpay", "STRIPE_SECRET": "stripe"},
    "webhooks": {"VNPAY_SECRET": "vnpay", "STRIPE_WEBHOOK_SECRET": "stripe-webhook"},
    "payments-reconciler": {"VNPAY_SECRET": "vnpay", "STRIPE_REFUNDS_SECRET": "stripe-refunds"},
}
PAYMENT_SECRETS = ("vnpay", "stripe", "stripe-refunds", "stripe-webhook")


def test_providers_come_in_by_three_routes_beside_them_the_printer_and_mail_is_stopped(templates: Templates) -> None:
    templates.one("AWS::ApiGatewayV2::Api", ProtocolType="HTTP")
    routes = templates.of("AWS::ApiGatewayV2::Route")
    targets = {f"integrations/<{logical(each.id)}>": each for each in templates.of("AWS::ApiGatewayV2::Integration")}
    assert {each.properties["PayloadFormatVersion"] for each in targets.values()} == {"2.0"}
    behind = {
        route.properties["RouteKey"]: templates.text(
            targets[templates.text(route.properties["Target"])].properties["IntegrationUri"]
        )
        for route in routes
    }
    functions = dict.fromkeys(ROUTES, "<WebhooksFunction.Arn>") | dict.fromkeys(STOPS, "<UnsubscribeFunction.Arn>")
    assert behind == functions | {PRINTER: "<PrinterCallbacksFunction.Arn>"}


def test_every_provider_has_its_route(local: Templates) -> None:
    given = {name: local.text(value) for name, value in local.functions["webhooks"]["Environment"]["Variables"].items()}
    config = read_settings(settings.Webhooks, given)
    assert {provider.webhook(config).route for provider in PROVIDERS.values()} == ROUTES - {"GET /return"}


def test_no_browser_of_another_site_may_ask(templates: Templates) -> None:
    assert "CorsConfiguration" not in templates.one("AWS::ApiGatewayV2::Api").properties


def test_it_is_throttled(templates: Templates) -> None:
    stage = templates.one("AWS::ApiGatewayV2::Stage", StageName="$default", AutoDeploy=True)
    settings = stage.properties["DefaultRouteSettings"]
    assert 0 < settings["ThrottlingRateLimit"] <= settings["ThrottlingBurstLimit"] <= 500
    # Whoever floods a page that anybody can call keeps no provider waiting.
    pages = stage.properties["RouteSettings"]
    named = {route.id for route in templates.of("AWS::ApiGatewayV2::Route")}
    assert named <= set(stage.body["DependsOn"])
    assert pages.keys() == OPEN
    assert all(0 < page["ThrottlingRateLimit"] < settings["ThrottlingRateLimit"] for page in pages.values())


@pytest.mark.parametrize(("stage", "logged"), [("local", False), ("dev", False), ("stage", True), ("prod", True)])
def test_its_access_log_holds_neither_signatures_nor_what_was_sent(
    every: dict[str, Templates], stage: str, *, logged: bool
) -> None:
    settings = every[stage].one("AWS::ApiGatewayV2::Stage").properties.get("AccessLogSettings")
    assert bool(settings) is logged
    if settings:
        logged_names = {value.removeprefix("$context.") for value in json.loads(settings["Format"]).values()}
        harmless = {"requestId", "requestTime", "routeKey", "status", "responseLatency"}
        assert logged_names == harmless | {"identity.sourceIp", "integrationErrorMessage"}


def test_a_payer_comes_back_to_where_providers_come_in(local: Templates, prod: Templates) -> None:
    for templates, begins in ((prod, "<WebhookApi.ApiEndpoint>"), (local, f"{AWS}/_aws/execute-api/<WebhookApi>")):
        variables = templates.functions["payments-api"]["Environment"]["Variables"]
        assert templates.text(variables["RETURN_URL"]) == f"{begins}/return"
        assert templates.text(templates.by_stack["payments"]["Outputs"]["WebhooksUrl"]["Value"]) == begins


@pytest.mark.parametrize("function", [spec.name for spec in ALL])
def test_the_names_of_the_secrets_are_told_to_those_who_read_them(templates: Templates, function: str) -> None:
    variables = templates.functions[function]["Environment"]["Variables"]
    prefix = f"namo/{templates.stage}/"
    secrets = {key: value.removeprefix(prefix) for key, value in variables.items() if key.endswith("_SECRET")}
    assert {key: value for key, value in secrets.items() if value in PAYMENT_SECRETS} == WHO_READS.get(function, {})
    read = {resource for action, resource in templates.rights(templates.role_of(function)) if "GetSecret" in action}
    # An ARN as Secrets Manager makes it, against the pattern in the role.
    allowed = {
        name
        for name in PAYMENT_SECRETS
        for resource in read
        if fnmatchcase(f"{prefix}{name}-AbC123", resource.rpartition(":")[2])
    }
    assert allowed == set(WHO_READS.get(function, {}).values())


def test_stripes_events_are_of_the_mode_of_its_keys(templates: Templates) -> None:
    live = templates.functions["webhooks"]["Environment"]["Variables"]["STRIPE_LIVE"]
    assert live == ("true" if templates.stage == "prod" else "false")


@pytest.mark.parametrize("stack", STACKS)
def test_no_template_holds_a_secret(templates: Templates, stack: str) -> None:
    assert SECRET.findall(templates.path(stack).read_text()) == []


def test_no_template_makes_a_secret(templates: Templates) -> None:
    assert templates.of("AWS::SecretsManager::Secret") == []


@pytest.mark.parametrize(
    "value",
    ["sk_live_51H8abc", "rk_test_51H8abc", "whsec_5WbX5kEW", "RAOEXHYVSDDIIENYWSLDIIZTANXUXZFJ", "-----BEGIN PRIVATE"],
)
def test_a_secret_would_be_seen(value: str) -> None:
    assert SECRET.search(json.dumps({"Environment": {"Variables": {"VNPAY_SECRET": value}}}))
