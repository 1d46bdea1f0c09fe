"""The GraphQL API: its authorization modes, its data sources, and a resolver for every root field."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aws_cdk import CfnOutput
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.audit import explain
from infra.constructs.factory import FunctionFactory
from infra.constructs.function import Function
from infra.constructs.guests import admit, public_fields
from infra.constructs.interfaces import as_interface
from infra.constructs.permissions import field_arn, grant, to_invoke, to_log
from infra.constructs.resources import Resources
from infra.constructs.retention import log_retention, removal
from infra.declaration import Fields
from infra.functions import ALL
from infra.monitoring.alarms import Rule
from infra.monitoring.functions import FIVE_MINUTES
from infra.stacks.auth import Auth
from infra.stacks.base import StageStack
from infra.zips import ROOT

SCHEMA = ROOT / "schema" / "schema.graphql"
_CODE = ROOT / "infra" / "resolvers"
_JS = appsync.CfnResolver.AppSyncRuntimeProperty(name="APPSYNC_JS", runtime_version="1.0.0")

_APPSYNC = as_interface(iam.ServicePrincipal("appsync.amazonaws.com"))
_DEPTH = 8
_RESOLVERS = 50
_ROOTS = ("Query.", "Mutation.", "Subscription.")
# So many parents' files are signed in one call: as many as a request resolves.
_BATCH = _RESOLVERS


class Api(StageStack):
    """The stage's API: people come with Cognito tokens, the public with a key or as guests, the backend signs."""

    def __init__(self, scope: Construct, resources: Resources, auth: Auth) -> None:
        super().__init__(scope, resources.stage, "api")
        self._resources = resources
        self._auth = auth
        self.api = self._api()
        resources.add_api(self.api)
        self.schema = appsync.CfnGraphQLSchema(
            self, "Schema", api_id=self.api.attr_api_id, definition=SCHEMA.read_text(encoding="utf-8")
        )
        key = self._key()
        self._log_group()
        self._connect()
        public = public_fields(SCHEMA.read_text(encoding="utf-8"))
        admit(self, auth.guests, [field_arn(self.api, field) for field in public])
        self._alarm()
        CfnOutput(self, "ApiId", value=self.api.attr_api_id)
        CfnOutput(self, "ApiUrl", value=self.api.attr_graph_ql_url)
        CfnOutput(self, "ApiKey", value=key.attr_api_key)

    def _api(self) -> appsync.CfnGraphQLApi:
        stage = self.stage
        extra = [
            appsync.CfnGraphQLApi.AdditionalAuthenticationProviderProperty(authentication_type=kind)
            for kind in ("API_KEY", "AWS_IAM")
        ]
        api = appsync.CfnGraphQLApi(
            self,
            "Api",
            name=f"namo-{stage.name}",
            authentication_type="AMAZON_COGNITO_USER_POOLS",
            user_pool_config=appsync.CfnGraphQLApi.UserPoolConfigProperty(
                user_pool_id=self._auth.pool.user_pool_id,
                aws_region=self.region,
                default_action="ALLOW",
                # The whole id: a client that somebody adds to the pool has other rules, and is not ours.
                app_id_client_regex=f"^{self._auth.client.user_pool_client_id}$",
            ),
            additional_authentication_providers=extra,
            introspection_config="ENABLED" if stage.hardening.introspection else "DISABLED",
            query_depth_limit=_DEPTH,
            resolver_count_limit=_RESOLVERS,
            xray_enabled=stage.monitoring.tracing,
            log_config=appsync.CfnGraphQLApi.LogConfigProperty(
                cloud_watch_logs_role_arn=self._log_role().role_arn,
                field_log_level="ERROR",
                exclude_verbose_content=True,
            ),
        )
        explain(api, "AwsSolutions-ASC3", "Verbose content is headers, arguments and answers: tokens and prompts.")
        return api

    def _key(self) -> appsync.CfnApiKey:
        expires = start_of_month() + timedelta(days=self.stage.api_key_days)
        return appsync.CfnApiKey(
            self, "Key", api_id=self.api.attr_api_id, description="Public fields", expires=int(expires.timestamp())
        )

    def _log_role(self) -> iam.Role:
        role = iam.Role(self, "LogRole", assumed_by=_APPSYNC)
        group = self.format_arn(service="logs", resource="log-group:/aws/appsync/apis/*")
        grant(
            role,
            replace(
                to_log(group), why="The group is named after the API, which names this role: its id cannot be here."
            ),
        )
        return role

    def _log_group(self) -> None:
        logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/appsync/apis/{self.api.attr_api_id}",
            retention=log_retention(self.stage),
            removal_policy=removal(self.stage),
        )

    def _connect(self) -> None:
        for function in FunctionFactory(self, self._resources).make_all("api"):
            if isinstance(function.spec.trigger, Fields):
                self._answer(function, function.spec.trigger)
        none = appsync.CfnDataSource(self, "NoneSource", api_id=self.api.attr_api_id, name="none", type="NONE")
        # What functions publish is answered from the request itself.
        self._resolvers([field for spec in ALL for field in spec.publishes], none, "publish.js")

    def _answer(self, function: Function, trigger: Fields) -> None:
        """Let AppSync call a function, and give it its fields."""
        role = iam.Role(self, f"{function.spec.id}SourceRole", assumed_by=_APPSYNC)
        for right in to_invoke(self, function.function.function_name):
            grant(role, right)
        source = appsync.CfnDataSource(
            self,
            f"{function.spec.id}Source",
            api_id=self.api.attr_api_id,
            name=trigger.source,
            type="AWS_LAMBDA",
            service_role_arn=role.role_arn,
            lambda_config={"lambdaFunctionArn": function.function.function_arn},
        )
        roots = [field for field in trigger.fields if field.startswith(_ROOTS)]
        self._resolvers(roots, source, "lambda.js")
        self._resolvers([field for field in trigger.fields if field not in roots], source, "files.js", batch=_BATCH)

    def _resolvers(
        self, fields: Sequence[str], source: appsync.CfnDataSource, code: str, batch: int | None = None
    ) -> None:
        text = (_CODE / code).read_text(encoding="utf-8")
        for field in fields:
            type_name, field_name = field.split(".")
            resolver = appsync.CfnResolver(
                self,
                field.replace(".", ""),
                api_id=self.api.attr_api_id,
                type_name=type_name,
                field_name=field_name,
                kind="UNIT",
                data_source_name=source.attr_name,
                runtime=_JS,
                code=text,
                max_batch_size=batch,
            )
            resolver.add_resource_dependency(self.schema)

    def _alarm(self) -> None:
        alarms = self._resources.data.alarms
        if not alarms:
            return
        failures = cloudwatch.Metric(
            namespace="AWS/AppSync",
            metric_name="5XXError",
            dimensions_map={"GraphQLAPIId": self.api.attr_api_id},
            period=FIVE_MINUTES,
            statistic="Sum",
        )
        alarms.add(self, Rule("Failures", failures, 5, "The API answered 5XX more than 5 times"))


def start_of_month() -> datetime:
    """Return this month's first moment: an expiry counted from it leaves the template unchanged from day to day."""
    return datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
