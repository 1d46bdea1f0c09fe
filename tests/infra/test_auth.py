import pytest

from tests.infra.templates import Json, Templates


def pool(templates: Templates) -> Json:
    return templates.one("AWS::Cognito::UserPool").properties


def client(templates: Templates) -> Json:
    return templates.one("AWS::Cognito::UserPoolClient").properties


def test_people_sign_in_with_a_confirmed_email_address(templates: Templates) -> None:
    assert pool(templates)["UsernameAttributes"] == ["email"]
    assert pool(templates)["AutoVerifiedAttributes"] == ["email"]
    assert pool(templates)["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool(templates)["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is False


def test_a_changed_address_counts_once_it_is_confirmed(templates: Templates) -> None:
    settings = pool(templates)["UserAttributeUpdateSettings"]
    assert settings == {"AttributesRequireVerificationBeforeUpdate": ["email"]}


def test_passwords_are_strong(templates: Templates) -> None:
    policy = pool(templates)["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 12
    assert all(policy[f"Require{what}"] for what in ("Lowercase", "Uppercase", "Numbers", "Symbols"))


def test_a_second_factor_is_an_app_and_a_choice(templates: Templates) -> None:
    assert pool(templates)["MfaConfiguration"] == "OPTIONAL"
    assert pool(templates)["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]


@pytest.mark.parametrize("name", ["JobsApi", "PeopleApi", "PaymentsApi"])
def test_functions_that_answer_administrators_know_whether_to_ask_for_one(templates: Templates, name: str) -> None:
    (function,) = (each for each in templates.of("AWS::Lambda::Function") if each.id.startswith(f"{name}Function"))
    asked = function.properties["Environment"]["Variables"]["SECOND_FACTOR"]
    assert asked == ("true" if templates.stage in {"stage", "prod"} else "false")


def test_an_account_comes_back_by_email_alone(templates: Templates) -> None:
    assert pool(templates)["AccountRecoverySetting"]["RecoveryMechanisms"] == [
        {"Name": "verified_email", "Priority": 1}
    ]


def test_a_confirmed_person_is_signed_up_and_a_sign_in_brings_the_row_up_to_date(templates: Templates) -> None:
    triggers = {name: templates.text(value) for name, value in pool(templates)["LambdaConfig"].items()}
    assert triggers == dict.fromkeys(("PostConfirmation", "PostAuthentication"), "<SignUpFunction.Arn>")


def test_there_is_a_group_of_administrators(templates: Templates) -> None:
    group = templates.one("AWS::Cognito::UserPoolGroup").properties
    assert group["GroupName"] == "admin"
    assert "RoleArn" not in group


@pytest.mark.parametrize(
    ("stage", "flows"),
    [
        ("local", {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"}),
        ("dev", {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}),
        ("prod", {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}),
    ],
)
def test_a_password_is_never_sent_but_at_home(every: dict[str, Templates], stage: str, flows: set[str]) -> None:
    assert set(client(every[stage])["ExplicitAuthFlows"]) == flows


def test_the_web_client_is_public_and_tells_nobody_who_has_an_account(templates: Templates) -> None:
    assert client(templates)["GenerateSecret"] is False
    assert client(templates)["PreventUserExistenceErrors"] == "ENABLED"
    assert client(templates)["EnableTokenRevocation"] is True
    assert client(templates)["WriteAttributes"] == ["email", "name"]
    assert client(templates).get("AllowedOAuthFlowsUserPoolClient", False) is False


def test_tokens_last_an_hour_and_sessions_a_month(templates: Templates) -> None:
    minutes = [client(templates)[f"{kind}TokenValidity"] for kind in ("Access", "Id", "Refresh")]
    assert minutes == [60, 60, 30 * 24 * 60]
    assert set(client(templates)["TokenValidityUnits"].values()) == {"minutes"}


@pytest.mark.parametrize(("stage", "kept"), [("local", False), ("dev", False), ("stage", True), ("prod", True)])
def test_people_are_not_lost_with_a_stack(every: dict[str, Templates], stage: str, kept: bool) -> None:
    resource = every[stage].one("AWS::Cognito::UserPool")
    protected = stage != "local"
    assert resource.properties.get("DeletionProtection", "INACTIVE") == ("ACTIVE" if protected else "INACTIVE")
    assert resource.body["DeletionPolicy"] == ("RetainExceptOnCreate" if kept else "Delete")
