import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import ObjectTypeDefinitionNode, parse

from infra.api import SCHEMA, start_of_month
from infra.fields import FIELDS
from tests.infra.templates import Json, Templates

RESOLVERS = Path(__file__).resolve().parents[2] / "infra" / "resolvers"
ROOTS = {"Query", "Mutation", "Subscription"}


def root_fields(sdl: str) -> set[str]:
    types = [node for node in parse(sdl).definitions if isinstance(node, ObjectTypeDefinitionNode)]
    return {f"{t.name.value}.{field.name.value}" for t in types if t.name.value in ROOTS for field in t.fields or ()}


def graphql_api(templates: Templates) -> Json:
    return templates.one("AWS::AppSync::GraphQLApi").properties


def test_every_root_field_has_a_data_source_and_no_other_has() -> None:
    answered = [field for fields in FIELDS.values() for field in fields]
    assert len(answered) == len(set(answered))
    assert set(answered) == root_fields(SCHEMA.read_text())


def test_every_root_field_of_the_deployed_schema_has_a_resolver(templates: Templates) -> None:
    deployed = root_fields(templates.one("AWS::AppSync::GraphQLSchema").properties["Definition"])
    resolved = {f"{r.properties['TypeName']}.{r.properties['FieldName']}" for r in resolvers(templates)}
    assert resolved == deployed


def test_resolvers_are_single_steps_of_our_javascript(templates: Templates) -> None:
    code = {path.name: path.read_text() for path in RESOLVERS.glob("*.js")}
    for resolver in resolvers(templates):
        properties = resolver.properties
        assert properties["Kind"] == "UNIT"
        assert properties["Runtime"] == {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"}
        none = "NoneSource" in templates.text(properties["DataSourceName"])
        assert properties["Code"] == code["publish.js" if none else "lambda.js"]
        assert any(name.startswith("Schema") for name in resolver.body["DependsOn"])


def resolvers(templates: Templates) -> list[Any]:
    return templates.of("AWS::AppSync::Resolver")


def test_its_doors_are_tokens_a_key_and_our_own_signature(templates: Templates) -> None:
    api = graphql_api(templates)
    assert api["AuthenticationType"] == "AMAZON_COGNITO_USER_POOLS"
    assert templates.text(api["UserPoolConfig"]["UserPoolId"]) == "<People>"
    extra = [provider["AuthenticationType"] for provider in api["AdditionalAuthenticationProviders"]]
    assert extra == ["API_KEY", "AWS_IAM"]


def test_deep_and_wide_queries_are_refused(templates: Templates) -> None:
    api = graphql_api(templates)
    assert (api["QueryDepthLimit"], api["ResolverCountLimit"]) == (8, 50)


@pytest.mark.parametrize(("stage", "told"), [("local", True), ("dev", True), ("stage", True), ("prod", False)])
def test_prod_does_not_tell_its_schema(every: dict[str, Templates], stage: str, told: bool) -> None:
    assert graphql_api(every[stage])["IntrospectionConfig"] == ("ENABLED" if told else "DISABLED")


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


# ---- what the resolvers' code does, run on Node with AppSync's `util.error` in its place

_STUB = "export const util = {error: (message, type, data, info) => {throw {message, type, data, info}}};\n"
_RUN = """
import * as code from './resolver.mjs';
const calls = JSON.parse(process.argv[2]);
const told = calls.map(([name, ctx]) => { try { return {value: code[name](ctx)} } catch (raised) { return {raised} } });
console.log(JSON.stringify(told));
"""


def run(tmp_path: Path, file: str, *calls: tuple[str, Json]) -> list[Json]:
    code = (RESOLVERS / file).read_text().replace("'@aws-appsync/utils'", "'./utils.mjs'")
    for name, text in (("resolver.mjs", code), ("utils.mjs", _STUB), ("run.mjs", _RUN)):
        (tmp_path / name).write_text(text)
    command = [os.environ["JSII_NODE"], str(tmp_path / "run.mjs"), json.dumps(calls)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


CALL: Json = {
    "arguments": {"id": "1"},
    "identity": {"sub": "s"},
    "source": None,
    "request": {"headers": {"a": "b"}, "domainName": None},
    "info": {"fieldName": "job"},
    "prev": None,
    "stash": {},
}


def test_a_function_gets_the_whole_call(tmp_path: Path) -> None:
    (told,) = run(tmp_path, "lambda.js", ("request", CALL))
    payload = {**CALL, "request": {"headers": {"a": "b"}}}
    assert told["value"] == {"operation": "Invoke", "payload": payload}


def test_a_functions_answer_is_its_data_or_its_own_error(tmp_path: Path) -> None:
    error = {"type": "PROMPT_EMPTY", "message": "Write a prompt.", "info": {"field": "prompt"}}
    data, nothing, failed, crashed = run(
        tmp_path,
        "lambda.js",
        ("response", {"result": {"data": {"id": "1"}}}),
        ("response", {"result": {"data": None}}),
        ("response", {"result": {"error": error}}),
        ("response", {"error": {"message": "KeyError: secret", "type": "Lambda:Unhandled"}, "result": None}),
    )
    assert (data, nothing) == ({"value": {"id": "1"}}, {"value": None})
    assert failed["raised"] == {
        "message": "Write a prompt.",
        "type": "PROMPT_EMPTY",
        "data": None,
        "info": error["info"],
    }
    assert crashed["raised"]["type"] == "INTERNAL"
    assert "secret" not in crashed["raised"]["message"]


def test_a_published_job_is_the_answer_whether_text_or_object(tmp_path: Path) -> None:
    job = {"id": "1", "status": "PENDING"}
    text, parsed, answer = run(
        tmp_path,
        "publish.js",
        ("request", {"arguments": {"job": json.dumps(job)}}),
        ("request", {"arguments": {"job": job}}),
        ("response", {"result": job}),
    )
    assert text["value"] == parsed["value"] == {"payload": job}
    assert answer["value"] == job
