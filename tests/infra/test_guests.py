"""Who comes through the identity pool, and the public fields, which are all that they may ask."""

import pytest

from infra.constructs.guests import public_fields
from infra.stacks.api import SCHEMA
from tests.access import DECISIONS, Answer, Caller
from tests.infra.templates import Json, Templates

KINDS = {"GuestsUnauthenticatedRole": "unauthenticated", "GuestsAuthenticatedRole": "authenticated"}


def pool(templates: Templates) -> Json:
    return templates.one("AWS::Cognito::IdentityPool").properties


def test_the_public_fields_are_those_that_a_guest_is_meant_to_have() -> None:
    decided = {field for field, decision in DECISIONS.items() if decision.of(Caller.GUEST) is Answer.DATA}
    assert decided
    assert set(public_fields(SCHEMA.read_text())) == decided


def test_guests_are_let_in_by_the_flow_that_limits_them(templates: Templates) -> None:
    assert pool(templates)["AllowUnauthenticatedIdentities"] is True
    assert pool(templates)["AllowClassicFlow"] is False


def test_signed_in_people_come_from_our_user_pool_by_the_web_client(templates: Templates) -> None:
    (provider,) = pool(templates)["CognitoIdentityProviders"]
    assert templates.text(provider["ProviderName"]) == "cognito-idp.ap-southeast-1.<AWS::URLSuffix>/<People>"
    assert templates.text(provider["ClientId"]) == "<PeopleWeb>"
    assert provider["ServerSideTokenCheck"] is True


def role(templates: Templates, name: str) -> Json:
    (found,) = (each for each in templates.of("AWS::IAM::Role") if each.id.startswith(name))
    return {"id": found.id, **found.properties}


@pytest.mark.parametrize("name", KINDS)
def test_a_role_may_ask_the_public_fields_and_do_nothing_else(templates: Templates, name: str) -> None:
    asked = (each.split(".") for each in public_fields(SCHEMA.read_text()))
    arns = {f"<Api.Arn>/types/{type_name}/fields/{field}" for type_name, field in asked}
    assert templates.rights(role(templates, name)["id"]) == {("appsync:GraphQL", arn) for arn in arns}


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_a_role_is_for_one_kind_of_identity_of_our_pool(templates: Templates, name: str, kind: str) -> None:
    made = role(templates, name)
    (statement,) = made["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"] == {"Federated": "cognito-identity.amazonaws.com"}
    audience = statement["Condition"]["StringEquals"]["cognito-identity.amazonaws.com:aud"]
    assert templates.text(audience) == "<Guests>"
    assert statement["Condition"]["ForAnyValue:StringLike"] == {"cognito-identity.amazonaws.com:amr": kind}
    attached = templates.one("AWS::Cognito::IdentityPoolRoleAttachment").properties
    assert templates.text(attached["IdentityPoolId"]) == "<Guests>"
    assert attached["Roles"][kind] == {"Fn::GetAtt": [made["id"], "Arn"]}
