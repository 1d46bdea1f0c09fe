"""The API, read from a control plane."""

import io
from collections.abc import Mapping
from typing import Any

from local.appsync.api import Mode, Provider, Source, Step, read_api

SDL = "type Query { a: Int b: Int } type Mutation { c: Int }"


class FakeControlPlane:
    """Answers as the AppSync client does, lists in pages of one."""

    def __init__(self) -> None:
        self.described: dict[str, Any] = {
            "apiId": "api1",
            "arn": "arn:api1",
            "authenticationType": "AMAZON_COGNITO_USER_POOLS",
            "userPoolConfig": {
                "userPoolId": "p",
                "awsRegion": "r",
                "appIdClientRegex": "web.*",
                "defaultAction": "DENY",
            },
            "additionalAuthenticationProviders": [
                {"authenticationType": "API_KEY"},
                {
                    "authenticationType": "OPENID_CONNECT",
                    "openIDConnectConfig": {"issuer": "https://i", "clientId": "c"},
                },
                {"authenticationType": "AWS_LAMBDA", "lambdaAuthorizerConfig": {"authorizerUri": "arn:auth"}},
            ],
            "introspectionConfig": "DISABLED",
            "queryDepthLimit": 8,
            "resolverCountLimit": 50,
        }
        self.sources: list[Mapping[str, Any]] = [
            {"name": "fn", "type": "AWS_LAMBDA", "lambdaConfig": {"lambdaFunctionArn": "arn:fn"}},
            {"name": "none", "type": "NONE"},
        ]
        self.functions = [{"functionId": "f1", "dataSourceName": "none", "code": "F1"}]
        self.resolvers: dict[str, list[Mapping[str, Any]]] = {
            "Query": [
                {"typeName": "Query", "fieldName": "a", "kind": "UNIT", "dataSourceName": "fn", "maxBatchSize": 4},
                {
                    "typeName": "Query",
                    "fieldName": "b",
                    "kind": "PIPELINE",
                    "code": "B",
                    "pipelineConfig": {"functions": ["f1"]},
                },
            ],
            "Mutation": [
                {"typeName": "Mutation", "fieldName": "c", "dataSourceName": "fn", "requestMappingTemplate": "{}"},
            ],
        }

    def get_graphql_api(self, **_: str) -> Any:
        return {"graphqlApi": self.described}

    def get_introspection_schema(self, **asked: Any) -> Any:
        assert (asked["format"], asked["includeDirectives"]) == ("SDL", True)
        return {"schema": io.BytesIO(SDL.encode())}

    def list_api_keys(self, **_: str) -> Any:
        return {"apiKeys": [{"id": "da2-x", "expires": 7}]}

    def get_graphql_api_environment_variables(self, **_: str) -> Any:
        return {"environmentVariables": {"A": "1"}}

    def list_data_sources(self, **asked: str) -> Any:
        return self._page("dataSources", self.sources, asked)

    def list_functions(self, **asked: str) -> Any:
        return self._page("functions", self.functions, asked)

    def list_resolvers(self, **asked: str) -> Any:
        return self._page("resolvers", self.resolvers[asked["typeName"]], asked)

    def _page(self, name: str, found: Any, asked: Mapping[str, str]) -> Any:
        at = int(asked.get("nextToken", 0))
        more = {"nextToken": str(at + 1)} if at + 1 < len(found) else {}
        return {name: found[at : at + 1], **more}


def test_an_api_is_read_whole() -> None:
    client: Any = FakeControlPlane()
    api = read_api(client, "api1")
    assert (api.id, api.arn, api.sdl) == ("api1", "arn:api1", SDL)
    assert api.default == Provider(Mode.COGNITO, user_pool_id="p", pool_region="r", client_pattern="web.*", denies=True)
    assert api.additional == (
        Provider(Mode.API_KEY),
        Provider(Mode.OIDC, issuer="https://i", client_pattern="c"),
        Provider(Mode.LAMBDA, authorizer="arn:auth"),
    )
    assert api.keys == {"da2-x": 7.0}
    assert (api.introspection, api.depth_limit, api.resolver_limit) == (False, 8, 50)
    assert api.environment == {"A": "1"}


def test_resolvers_know_their_data_sources_and_functions() -> None:
    client: Any = FakeControlPlane()
    resolvers = read_api(client, "api1").resolvers
    function = Source("fn", "AWS_LAMBDA", "arn:fn")
    assert resolvers["Query", "a"].steps == (Step(function, max_batch=4),)
    assert resolvers["Mutation", "c"].steps == (Step(function, template=True),)
    pipeline = resolvers["Query", "b"]
    assert (pipeline.pipeline, pipeline.code, pipeline.steps) == (True, "B", (Step(Source("none", "NONE"), "F1"),))


def test_what_an_api_does_not_say_is_the_default() -> None:
    client: Any = FakeControlPlane()
    client.described = {"arn": "arn:api1", "authenticationType": "API_KEY"}
    api = read_api(client, "api1")
    assert (api.default, api.additional) == (Provider(Mode.API_KEY), ())
    assert (api.introspection, api.depth_limit, api.resolver_limit) == (True, 0, 0)
