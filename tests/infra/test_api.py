import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import ObjectTypeDefinitionNode, parse

from infra.stacks.api import SCHEMA, start_of_month
from local.appsync.errors import FieldError
from local.appsync.filters import check_invalidations, filter_matches
from local.appsync.javascript import Evaluated, JavaScript
from tests.infra.templates import Json, Templates

RESOLVERS = Path(__file__).resolve().parents[2] / "infra" / "resolvers"
ROOTS = {"Query", "Mutation", "Subscription"}


def root_fields(sdl: str) -> set[str]:
    types = [node for node in parse(sdl).definitions if isinstance(node, ObjectTypeDefinitionNode)]
    return {f"{t.name.value}.{field.name.value}" for t in types if t.name.value in ROOTS for field in t.fields or ()}


def graphql_api(templates: Templates) -> Json:
    return templates.one("AWS::AppSync::GraphQLApi").properties


def test_every_root_field_of_the_deployed_schema_has_a_resolver(templates: Templates) -> None:
    deployed = root_fields(templates.one("AWS::AppSync::GraphQLSchema").properties["Definition"])
    resolved = {f"{r.properties['TypeName']}.{r.properties['FieldName']}" for r in resolvers(templates)}
    assert resolved == deployed | {"Order.downloads"}


def test_resolvers_are_single_steps_of_our_javascript(templates: Templates) -> None:
    code = {path.name: path.read_text() for path in RESOLVERS.glob("*.js")}
    for resolver in resolvers(templates):
        properties = resolver.properties
        assert properties["Kind"] == "UNIT"
        assert properties["Runtime"] == {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"}
        none = "NoneSource" in templates.text(properties["DataSourceName"])
        own = "lambda.js" if properties["TypeName"] in ROOTS else "files.js"
        assert properties["Code"] == code["publish.js" if none else own]
        assert properties.get("MaxBatchSize") == (50 if own == "files.js" else None)
        assert any(name.startswith("Schema") for name in resolver.body["DependsOn"])


def resolvers(templates: Templates) -> list[Any]:
    return templates.of("AWS::AppSync::Resolver")


def test_its_doors_are_tokens_a_key_and_our_own_signature(templates: Templates) -> None:
    api = graphql_api(templates)
    assert api["AuthenticationType"] == "AMAZON_COGNITO_USER_POOLS"
    assert templates.text(api["UserPoolConfig"]["UserPoolId"]) == "<People>"
    assert templates.text(api["UserPoolConfig"]["AppIdClientRegex"]) == "^<PeopleWeb>$", "no other client of the pool"
    extra = [provider["AuthenticationType"] for provider in api["AdditionalAuthenticationProviders"]]
    assert extra == ["API_KEY", "AWS_IAM"]


def test_deep_and_wide_queries_are_refused(templates: Templates) -> None:
    api = graphql_api(templates)
    assert (api["QueryDepthLimit"], api["ResolverCountLimit"]) == (8, 50)


@pytest.mark.parametrize(("stage", "introspected"), [("local", True), ("dev", True), ("stage", True), ("prod", False)])
def test_prod_does_not_show_its_schema(every: dict[str, Templates], stage: str, introspected: bool) -> None:
    assert graphql_api(every[stage])["IntrospectionConfig"] == ("ENABLED" if introspected else "DISABLED")


def test_its_log_holds_errors_and_never_tokens_or_prompts(templates: Templates) -> None:
    log = graphql_api(templates)["LogConfig"]
    assert (log["FieldLogLevel"], log["ExcludeVerboseContent"]) == ("ERROR", True)


def test_it_is_traced_on_aws_only(local: Templates, aws: Templates) -> None:
    assert graphql_api(local)["XrayEnabled"] is False
    assert graphql_api(aws)["XrayEnabled"] is True


@pytest.mark.parametrize(("stage", "days"), [("local", 365), ("dev", 90), ("stage", 180), ("prod", 365)])
def test_the_public_key_expires(every: dict[str, Templates], stage: str, days: int) -> None:
    expires = every[stage].one("AWS::AppSync::ApiKey").properties["Expires"]
    assert expires == (start_of_month() + timedelta(days=days)).timestamp()
    assert expires > datetime.now(UTC).timestamp()


def test_the_deployer_is_told_what_it_asks_for(templates: Templates) -> None:
    outputs = {name: template["Outputs"].keys() for name, template in templates.by_stack.items()}
    assert outputs["api"] >= {"ApiId", "ApiUrl", "ApiKey", "JobsApiFunction", "PeopleApiFunction"}
    assert outputs["auth"] >= {"UserPoolId", "UserPoolClientId", "SignUpFunction"}
    assert outputs["data"] >= {"MediaBucket", *(f"{table}Table" for table in templates.tables)}
    assert outputs["jobs"] >= {"JobsStreamFunction", "PublishFunction", "SweeperFunction", "VertexFunction"}


# ---- what the resolvers' code does, run as the local AppSync runs it


def run(file: str, *calls: tuple[str, Json]) -> list[Evaluated]:
    return ran((RESOLVERS / file).read_text(), *calls)


def ran(code: str, *calls: tuple[str, Json]) -> list[Evaluated]:
    async def evaluated() -> list[Evaluated]:
        javascript = JavaScript()
        try:
            return [await javascript.evaluate(code, handler, context) for handler, context in calls]
        finally:
            await javascript.close()

    return asyncio.run(evaluated())


_READ: Json = {"sub": "s", "groups": ["admin"], "sourceIp": ["192.0.2.1"], "claims": {"iat": 1}}
CALL: Json = {
    "arguments": {"id": "1"},
    "identity": {
        **_READ,
        "claims": {"iat": 1, "jti": "secret", "email": "secret", "origin_jti": "secret"},
        "username": "secret",
        "issuer": "secret",
        "defaultAuthStrategy": "ALLOW",
    },
    "source": None,
    "request": {"headers": {"authorization": "Bearer secret", "cookie": "secret"}, "domainName": None},
    "info": {
        "fieldName": "job",
        "parentTypeName": "Query",
        "selectionSetList": ["id"],
        "selectionSetGraphQL": "{ id }",
        "variables": {"other": "secret"},
    },
    "prev": None,
    "stash": {},
}


def test_a_function_gets_what_handlers_read_and_no_token() -> None:
    (evaluated,) = run("lambda.js", ("request", CALL))
    info = {"fieldName": "job", "parentTypeName": "Query", "selectionSetList": ["id"]}
    payload = {"arguments": {"id": "1"}, "identity": _READ, "info": info}
    assert evaluated.value == {"operation": "Invoke", "payload": payload}
    assert "secret" not in json.dumps(evaluated.value)


@pytest.mark.parametrize("text", ["{ name: id }", "{ ...Job }", "{ ... on Job { id } }", "{ a { b(c: 1) } }"])
def test_where_a_client_may_have_used_aliases_nothing_is_said_of_what_it_selected(text: str) -> None:
    (told,) = run("lambda.js", ("request", {**CALL, "info": {**CALL["info"], "selectionSetGraphQL": text}}))
    assert isinstance(told.value, dict)
    assert told.value["payload"]["info"]["selectionSetList"] is None


@pytest.mark.parametrize("identity", [None, {"userArn": "arn:aws:iam::1:role/r", "accountId": "1"}])
def test_a_key_and_a_role_are_nobody_to_a_function(identity: Json | None) -> None:
    (evaluated,) = run("lambda.js", ("request", {**CALL, "identity": identity}))
    assert isinstance(evaluated.value, dict)
    assert evaluated.value["payload"]["identity"] is None


def test_a_functions_answer_is_its_data_or_its_own_error() -> None:
    error = {"type": "PROMPT_EMPTY", "message": "Write a prompt.", "info": {"field": "prompt"}}
    crash = {"message": "KeyError: secret", "type": "Lambda:Unhandled"}
    data, nothing, failed, crashed = run(
        "lambda.js",
        ("response", {**CALL, "result": {"data": {"id": "1"}}}),
        ("response", {**CALL, "result": {"data": None}}),
        ("response", {**CALL, "result": {"error": error}}),
        ("response", {**CALL, "error": crash, "result": None}),
    )
    assert (data.value, data.error, nothing.value, nothing.error) == ({"id": "1"}, None, None, None)
    assert error_of(failed) == ("Write a prompt.", "PROMPT_EMPTY", None, error["info"])
    message, error_type, *_ = error_of(crashed)
    assert error_type == "INTERNAL"
    assert "secret" not in message


@pytest.mark.parametrize(
    ("field", "arguments", "wanted"),
    [
        ("onJob", {"owner": "s", "id": None}, {"owner": "s"}),
        ("onJob", {"owner": "s"}, {"owner": "s"}),
        ("onJob", {"owner": "s", "id": "1"}, {"owner": "s", "id": "1"}),
        ("onMe", {"owner": "s"}, {"id": "s"}),
        ("onOrder", {"customer": "s"}, {"customer": "s"}),
    ],
)
def test_a_subscription_hears_what_its_arguments_say_and_null_says_nothing(
    field: str, arguments: Json, wanted: Json
) -> None:
    info = {"fieldName": field, "parentTypeName": "Subscription"}
    started = {**CALL, "arguments": arguments, "info": info, "result": {"data": None}}
    (evaluated,) = run("lambda.js", ("response", started))
    event = {"id": "1", "owner": "s", "customer": "s"} | wanted
    assert filter_matches(evaluated.subscription_filter, event)
    for name in wanted:
        assert not filter_matches(evaluated.subscription_filter, {**event, name: "other"})
    for name in event.keys() - wanted.keys():
        assert filter_matches(evaluated.subscription_filter, {**event, name: "other"})


def error_of(done: Evaluated) -> tuple[Any, ...]:
    error = done.error
    assert isinstance(error, FieldError)
    return error.message, error.error_type, error.data, error.info


@pytest.mark.parametrize("name", ["job", "payment"])
def test_what_is_published_is_the_answer_whether_text_or_object(name: str) -> None:
    published = {"id": "1", "status": "PENDING"}
    text, parsed, answer = run(
        "publish.js",
        ("request", {"arguments": {name: json.dumps(published)}}),
        ("request", {"arguments": {name: published}}),
        ("response", {**CALL, "result": published}),
    )
    assert text.value == parsed.value == {"payload": published}
    assert answer.value == published


# ---- files within what another function answered

FILES: Json = {
    **CALL,
    "arguments": {},
    "info": {**CALL["info"], "fieldName": "downloads", "parentTypeName": "Order"},
    "source": {"id": "1", "address": "secret", "downloads": [{"key": "results/documents/a", "contentType": "a/b"}]},
}


def test_who_signs_gets_the_keys_that_the_parent_brings_and_nothing_else_of_it() -> None:
    (evaluated,) = run("files.js", ("request", FILES))
    info = {"fieldName": "downloads", "parentTypeName": "Order"}
    payload = {"arguments": {"files": FILES["source"]["downloads"]}, "identity": None, "info": info}
    assert evaluated.value == {"operation": "BatchInvoke", "payload": payload}
    assert "secret" not in json.dumps(evaluated.value)


@pytest.mark.parametrize("source", [{}, {"downloads": None}, {"downloads": []}])
def test_where_there_is_nothing_to_sign_nobody_is_called(source: Json) -> None:
    (evaluated,) = run("files.js", ("request", {**FILES, "source": source}))
    assert evaluated.early
    assert evaluated.value == []


def test_what_cannot_be_signed_is_our_fault() -> None:
    done, failed, crashed = run(
        "files.js",
        ("response", {**FILES, "result": {"data": [{"url": "u"}]}}),
        ("response", {**FILES, "result": {"error": {"type": "INTERNAL", "message": "secret"}}}),
        ("response", {**FILES, "error": {"message": "secret", "type": "Lambda:Unhandled"}, "result": None}),
    )
    assert (done.value, done.error) == ([{"url": "u"}], None)
    for each in (failed, crashed):
        message, error_type, *_ = error_of(each)
        assert (error_type, "secret" in message) == ("INTERNAL", False)


# ---- subscriptions end with the right to them


def answered(templates: Templates, field: str, data: Any) -> Evaluated:
    """Run the deployed resolver of a field on its function's answer, for the caller `s`."""
    type_name, field_name = field.split(".")
    resolver = templates.one("AWS::AppSync::Resolver", TypeName=type_name, FieldName=field_name)
    info = {"fieldName": field_name, "parentTypeName": type_name}
    (done,) = ran(resolver.properties["Code"], ("response", {**CALL, "info": info, "result": {"data": data}}))
    assert done.error is None
    return done


def fields_of(type_name: str) -> set[str]:
    return {field for field in root_fields(SCHEMA.read_text()) if field.startswith(f"{type_name}.")}


@pytest.mark.parametrize("field", sorted(fields_of("Subscription")))
def test_a_subscription_can_be_ended_by_its_owners_name(local: Templates, field: str) -> None:
    own = {"fieldName": "owner", "operator": "eq", "value": "s"}
    assert answered(local, field, None).invalidation_filter == {"filterGroup": [{"filters": [own]}]}


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("Mutation.deleteMe", "p"),
        ("Mutation.setDisabled", {"id": "p", "disabled": True, "role": "ADMIN"}),
        ("Mutation.setRole", {"id": "p", "disabled": False, "role": "USER"}),
    ],
)
def test_who_is_shut_out_hears_no_more_of_anything(local: Templates, field: str, data: Any) -> None:
    """AppSync ends five in one request; the others end when the change has come through its stream."""
    at_once = answered(local, field, data).invalidations
    published = {**CALL, "info": {"fieldName": "publishShutOut"}, "result": {"owner": "p"}}
    (later,) = run("publish.js", ("response", published))
    for ended in (at_once, later.invalidations):
        check_invalidations(ended)
        assert all(each["payload"] == {"owner": "p"} for each in ended)
    fields = [f"Subscription.{each['subscriptionField']}" for each in (*at_once, *later.invalidations)]
    assert sorted(fields) == sorted(fields_of("Subscription"))


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("Mutation.setDisabled", {"id": "p", "disabled": False, "role": "USER"}),
        ("Mutation.setRole", {"id": "p", "disabled": False, "role": "ADMIN"}),
        ("Mutation.grantPoints", {"id": "p", "disabled": False, "role": "USER"}),
        ("Mutation.deleteJob", "1"),
    ],
)
def test_nobody_else_is_cut_off(local: Templates, field: str, data: Any) -> None:
    assert answered(local, field, data).invalidations == ()
