"""The API as deployed, read once from the control plane and frozen."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from graphql import ObjectTypeDefinitionNode, ObjectTypeExtensionNode, parse

if TYPE_CHECKING:
    from types_boto3_appsync import AppSyncClient


class Mode(StrEnum):
    """How a caller may prove who they are."""

    API_KEY = "API_KEY"
    IAM = "AWS_IAM"
    COGNITO = "AMAZON_COGNITO_USER_POOLS"
    OIDC = "OPENID_CONNECT"
    LAMBDA = "AWS_LAMBDA"


@dataclass(frozen=True)
class Provider:
    """One authorization mode of the API and what it needs."""

    mode: Mode
    user_pool_id: str = ""
    pool_region: str = ""
    client_pattern: str = ""
    issuer: str = ""
    authorizer: str = ""
    denies: bool = False
    """Cognito's ``defaultAction`` DENY: fields without a directive are closed."""


@dataclass(frozen=True)
class Source:
    """A data source: its type, and the function behind it if it is a Lambda one."""

    name: str
    type: str
    function: str = ""


@dataclass(frozen=True)
class Step:
    """A request handler, a data source and a response handler: a unit resolver or one function of a pipeline."""

    source: Source
    code: str = ""
    max_batch: int = 0
    template: bool = False


@dataclass(frozen=True)
class Resolver:
    """What answers one field. ``steps`` has one entry for a unit resolver; ``code`` wraps a pipeline's steps."""

    type_name: str
    field_name: str
    steps: tuple[Step, ...]
    pipeline: bool = False
    code: str = ""


@dataclass(frozen=True)
class Api:
    """Everything the data plane needs to know of a deployed API."""

    id: str
    arn: str
    sdl: str
    default: Provider
    additional: tuple[Provider, ...] = ()
    keys: Mapping[str, float] = field(default_factory=dict[str, float])
    """API keys and when each expires (epoch seconds)."""
    resolvers: Mapping[tuple[str, str], Resolver] = field(default_factory=dict[tuple[str, str], Resolver])
    introspection: bool = True
    depth_limit: int = 0
    resolver_limit: int = 0
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    descriptions: str = ""
    """SDL whose descriptions introspection shows where the API's own has none."""

    @property
    def providers(self) -> tuple[Provider, ...]:
        return (self.default, *self.additional)

    def provider(self, mode: Mode) -> Provider | None:
        return next((each for each in self.providers if each.mode == mode), None)


def read_api(client: "AppSyncClient", api_id: str, descriptions: str = "") -> Api:
    """Read one API through its control plane.

    Raises
    ------
    botocore.exceptions.ClientError
        If the API or its schema is not there.
    """
    described: dict[str, Any] = {**client.get_graphql_api(apiId=api_id)["graphqlApi"]}
    sdl = client.get_introspection_schema(apiId=api_id, format="SDL", includeDirectives=True)["schema"].read().decode()
    return Api(
        id=api_id,
        arn=str(described["arn"]),
        sdl=sdl,
        default=_provider(described),
        additional=tuple(_provider(each) for each in described.get("additionalAuthenticationProviders") or ()),
        keys=_keys(client, api_id),
        resolvers=_resolvers(client, api_id, sdl),
        introspection=described.get("introspectionConfig", "ENABLED") != "DISABLED",
        depth_limit=described.get("queryDepthLimit") or 0,
        resolver_limit=described.get("resolverCountLimit") or 0,
        environment=client.get_graphql_api_environment_variables(apiId=api_id).get("environmentVariables", {}),
        descriptions=descriptions,
    )


def _provider(described: Mapping[str, Any]) -> Provider:
    pool: Mapping[str, Any] = described.get("userPoolConfig") or {}
    oidc: Mapping[str, Any] = described.get("openIDConnectConfig") or {}
    authorizer: Mapping[str, Any] = described.get("lambdaAuthorizerConfig") or {}
    return Provider(
        mode=Mode(described["authenticationType"]),
        user_pool_id=pool.get("userPoolId", ""),
        pool_region=pool.get("awsRegion", ""),
        client_pattern=pool.get("appIdClientRegex") or oidc.get("clientId") or "",
        issuer=oidc.get("issuer", ""),
        authorizer=authorizer.get("authorizerUri", ""),
        denies=pool.get("defaultAction") == "DENY",
    )


def _keys(client: "AppSyncClient", api_id: str) -> dict[str, float]:
    found = client.list_api_keys(apiId=api_id)["apiKeys"]
    return {key["id"]: float(key.get("expires", 0)) for key in found if "id" in key}


def _pages(call: Any, result: str, **arguments: Any) -> Iterable[Mapping[str, Any]]:
    token: str | None = None
    while True:
        page = call(**arguments, **({"nextToken": token} if token else {}))
        yield from page.get(result, ())
        token = page.get("nextToken")
        if not token:
            return


def _resolvers(client: "AppSyncClient", api_id: str, sdl: str) -> dict[tuple[str, str], Resolver]:
    sources = {each["name"]: _source(each) for each in _pages(client.list_data_sources, "dataSources", apiId=api_id)}
    functions = {
        each["functionId"]: _step(each, sources) for each in _pages(client.list_functions, "functions", apiId=api_id)
    }

    def of_type(type_name: str) -> list[Mapping[str, Any]]:
        return list(_pages(client.list_resolvers, "resolvers", apiId=api_id, typeName=type_name))

    with ThreadPoolExecutor(8) as pool:
        found = [each for several in pool.map(of_type, object_types(sdl)) for each in several]
    resolvers = [_resolver(each, sources, functions) for each in found]
    return {(each.type_name, each.field_name): each for each in resolvers}


def object_types(sdl: str) -> list[str]:
    """Return the names of the object types that ``sdl`` defines."""
    kinds = (ObjectTypeDefinitionNode, ObjectTypeExtensionNode)
    return sorted({node.name.value for node in parse(sdl).definitions if isinstance(node, kinds)})


def _source(described: Mapping[str, Any]) -> Source:
    function = (described.get("lambdaConfig") or {}).get("lambdaFunctionArn", "")
    return Source(described["name"], described["type"], function)


_NO_SOURCE = Source("", "NONE")


def _step(described: Mapping[str, Any], sources: Mapping[str, Source]) -> Step:
    return Step(
        source=sources.get(described.get("dataSourceName") or "", _NO_SOURCE),
        code=described.get("code") or "",
        max_batch=described.get("maxBatchSize") or 0,
        template=bool(described.get("requestMappingTemplate") or described.get("responseMappingTemplate")),
    )


def _resolver(described: Mapping[str, Any], sources: Mapping[str, Source], functions: Mapping[str, Step]) -> Resolver:
    pipeline = described.get("kind") == "PIPELINE"
    named: list[str] = (described.get("pipelineConfig") or {}).get("functions") or []
    return Resolver(
        type_name=described["typeName"],
        field_name=described["fieldName"],
        steps=tuple(functions[each] for each in named) if pipeline else (_step(described, sources),),
        pipeline=pipeline,
        code=(described.get("code") or "") if pipeline else "",
    )
