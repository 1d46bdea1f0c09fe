"""The webhook API: an HTTP API, since providers and mail programs know no GraphQL, and sign otherwise."""

import json
from collections.abc import Iterable

from aws_cdk import CfnOutput
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.audit import explain
from infra.constructs.function import Function
from infra.constructs.interfaces import as_interface
from infra.constructs.resources import Resources
from infra.constructs.retention import log_retention, removal
from infra.declaration import Routes
from infra.monitoring.alarms import Alarms, Rule
from infra.monitoring.functions import FIVE_MINUTES

# Requests a second, and how many at once: providers repeat what is held back. Pages that anybody can call have fewer,
# and of their own, so that they keep no provider waiting.
_RATE, _BURST = 100, 200
_OPEN = {"ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 40}
# Neither a path with its query, which VNPAY signs, nor a header: what came is no business of a log.
_LOGGED = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "route": "$context.routeKey",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "error": "$context.integrationErrorMessage",
}


class WebhookApi(Construct):
    """The routes, and the functions behind them: they check signatures, or believe nothing of what comes."""

    def __init__(self, scope: Construct, resources: Resources, functions: Iterable[Function]) -> None:
        super().__init__(scope, "WebhookApi")
        self._stage = resources.stage
        behind = [(each, each.spec.trigger) for each in functions if isinstance(each.spec.trigger, Routes)]
        self._routes = {name: route for _, trigger in behind for name, route in trigger.routes.items()}
        self._open_to_anybody = [trigger.routes[name] for _, trigger in behind for name in trigger.open]
        self._api = http.HttpApi(
            self,
            "Api",
            api_name=f"namo-{self._stage.name}-webhooks",
            description=f"NamO Studio, {self._stage.name}: webhooks of providers, and pages",
            create_default_stage=False,
        )
        stage = self._open()
        for function, trigger in behind:
            self._lead_to(function, trigger, stage)
        self._watch(resources.data.alarms)
        CfnOutput(scope, "WebhooksUrl", value=self._url)

    def url_of(self, route: str) -> str:
        """Return a route's address, as providers and browsers reach it."""
        return f"{self._url}{self._routes[route].partition(' ')[2]}"

    @property
    def _url(self) -> str:
        # The emulator's own host name for an API is one that no browser resolves.
        machine = self._stage.machine
        return f"{machine.aws_url}/_aws/execute-api/{self._api.api_id}" if machine else self._api.api_endpoint

    def _lead_to(self, function: Function, trigger: Routes, stage: http.CfnStage) -> None:
        integration = as_interface(integrations.HttpLambdaIntegration("Function", as_interface(function.function)))
        for method, path in (route.split(" ") for route in trigger.routes.values()):
            for route in self._api.add_routes(path=path, methods=[http.HttpMethod(method)], integration=integration):
                explain(route, "AwsSolutions-APIG4", "Functions check signatures, or believe nothing of what comes.")
                stage.node.add_dependency(route)  # it names one of them, which has to be there by then

    def _watch(self, alarms: Alarms | None) -> None:
        """Alarm when providers were answered with our faults: they do not retry for ever."""
        if alarms:
            failures = cloudwatch.Metric(
                namespace="AWS/ApiGateway",
                metric_name="5xx",
                dimensions_map={"ApiId": self._api.api_id},
                period=FIVE_MINUTES,
                statistic="Sum",
            )
            alarms.add(self, Rule("Failures", failures, 5, "Providers were answered 5XX more than 5 times"))

    def _open(self) -> http.CfnStage:
        settings = http.CfnStage.RouteSettingsProperty(
            throttling_rate_limit=_RATE, throttling_burst_limit=_BURST, detailed_metrics_enabled=False
        )
        stage = http.CfnStage(
            self,
            "Stage",
            api_id=self._api.api_id,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=settings,
            route_settings=dict.fromkeys(self._open_to_anybody, _OPEN),
            access_log_settings=self._log() if self._stage.hardening.access_logs else None,
        )
        if not self._stage.hardening.access_logs:
            explain(stage, "AwsSolutions-APIG1", "A stage for trying things takes no money worth an access log.")
        return stage

    def _log(self) -> http.CfnStage.AccessLogSettingsProperty:
        group = logs.LogGroup(
            self,
            "Logs",
            # Below this prefix the policy by which logs are delivered does not grow with each group.
            log_group_name=f"/aws/vendedlogs/namo-{self._stage.name}-webhooks",
            retention=log_retention(self._stage),
            removal_policy=removal(self._stage),
        )
        return http.CfnStage.AccessLogSettingsProperty(
            destination_arn=group.log_group_arn, format=json.dumps(_LOGGED, separators=(",", ":"))
        )
