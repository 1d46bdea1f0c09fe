"""The GraphQL API: its doors, its data sources, and a resolver for every root field."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aws_cdk import CfnOutput
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra import environment
from infra.accounts import to_follow
from infra.alarms import Rule
from infra.audit import explain
from infra.auth import Auth, to_know_addresses
from infra.data import Data
from infra.factory import FunctionFactory
from infra.fields import FIELDS
from infra.function import RETENTION
from infra.functions import ACCOUNTS_RECONCILER, JOBS_API, MEDIA_API, PAYMENTS_API, PEOPLE_API, Spec, function_name
from infra.guests import admit, public_fields
from infra.interfaces import as_interface
from infra.payments import Payments
from infra.permissions import Right, grant, to_invoke, to_log, to_read_secrets, to_sign
from infra.stack import StageStack, removal
from infra.stages import Stage
from infra.watch import FIVE_MINUTES
from infra.zips import ROOT

SCHEMA = ROOT / "schema" / "schema.graphql"
_CODE = Path(__file__).parent / "resolvers"
_JS = appsync.CfnResolver.AppSyncRuntimeProperty(name="APPSYNC_JS", runtime_version="1.0.0")

_APPSYNC = as_interface(iam.ServicePrincipal("appsync.amazonaws.com"))
_DEPTH = 8
_RESOLVERS = 50


class Api(StageStack):
    """The stage's API: people come with Cognito tokens, the public with a key or as guests, the backend signs."""

    def __init__(self, scope: Construct, stage: Stage, data: Data, auth: Auth, payments: Payments) -> None:
        super().__init__(scope, stage, "api")
        self._data = data
        self._auth = auth
        self._payments = payments
        self.api = self._api()
        self.schema = appsync.CfnGraphQLSchema(
            self, "Schema", api_id=self.api.attr_api_id, definition=SCHEMA.read_text(encoding="utf-8")
        )
        key = self._key()
        self._log_group()
        self._connect()
        admit(self, auth.guests, [self.field_arn(field) for field in public_fields(SCHEMA.read_text(encoding="utf-8"))])
        self._alarm()
        CfnOutput(self, "ApiId", value=self.api.attr_api_id)
        CfnOutput(self, "ApiUrl", value=self.api.attr_graph_ql_url)
        CfnOutput(self, "ApiKey", value=key.attr_api_key)

    @property
    def url(self) -> str:
        """Where the backend itself calls the API."""
        return self.stage.graphql_url or self.api.attr_graph_ql_url

    def field_arn(self, field: str) -> str:
        """Return the ARN of one root field, `Type.name`, as IAM knows it."""
        type_name, name = field.split(".")
        return f"{self.api.attr_arn}/types/{type_name}/fields/{name}"

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
            xray_enabled=stage.watching.tracing,
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
            retention=RETENTION[self.stage.watching.log_days],
            removal_policy=removal(self.stage),
        )

    def _connect(self) -> None:
        stage, data, pool = self.stage, self._data, self._auth.pool
        sign = to_sign(self, data)
        # Whoever comes first is looked up at Cognito, and known by their address.
        meet = (Right(["cognito-idp:AdminGetUser"], [pool.user_pool_arn]), to_know_addresses(self, stage))
        self._source("jobs", JOBS_API, environment.jobs_api(stage, data, pool.user_pool_id), *meet, *sign)
        govern = (*meet, to_follow(pool), to_invoke(self, function_name(stage.name, ACCOUNTS_RECONCILER)))
        self._source("people", PEOPLE_API, environment.people_api(stage, data, pool.user_pool_id), *govern)
        self._source("media", MEDIA_API, environment.media_api(stage, data), *sign)
        variables = environment.payments_api(stage, data, pool.user_pool_id, self._payments.return_url)
        self._source("payments", PAYMENTS_API, variables, *meet, *to_read_secrets(self, variables))
        none = appsync.CfnDataSource(self, "NoneSource", api_id=self.api.attr_api_id, name="none", type="NONE")
        self._resolvers("none", none, "publish.js")

    def _source(self, name: str, spec: Spec, variables: environment.Variables, *rights: Right) -> None:
        """Make a function, let AppSync call it, and give it its fields."""
        function = FunctionFactory(self, self.stage, self._data).make(spec, variables, *rights)
        role = iam.Role(self, f"{spec.id}SourceRole", assumed_by=_APPSYNC)
        grant(role, to_invoke(self, function.function.function_name))
        source = appsync.CfnDataSource(
            self,
            f"{spec.id}Source",
            api_id=self.api.attr_api_id,
            name=name,
            type="AWS_LAMBDA",
            service_role_arn=role.role_arn,
            lambda_config={"lambdaFunctionArn": function.function.function_arn},
        )
        self._resolvers(name, source, "lambda.js")

    def _resolvers(self, name: str, source: appsync.CfnDataSource, code: str) -> None:
        text = (_CODE / code).read_text(encoding="utf-8")
        for field in FIELDS[name]:
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
            )
            resolver.add_resource_dependency(self.schema)

    def _alarm(self) -> None:
        if not self._data.alarms:
            return
        failures = cloudwatch.Metric(
            namespace="AWS/AppSync",
            metric_name="5XXError",
            dimensions_map={"GraphQLAPIId": self.api.attr_api_id},
            period=FIVE_MINUTES,
            statistic="Sum",
        )
        self._data.alarms.ring(self, Rule("Failures", failures, 5, "The API answered 5XX more than 5 times"))


def start_of_month() -> datetime:
    """Return this month's first moment: an expiry counted from it leaves the template unchanged from day to day."""
    return datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
