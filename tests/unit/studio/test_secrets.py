"""Secrets are read once a minute, and both sides of a rotation are accepted."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from studio.alarms import Alarm
from studio.secrets import KEEP_SECONDS, Secret
from tests.unit.payments.shop import Vault
from tests.unit.raised import Raised
from tests.unit.world import World


def test_a_rotation_is_seen_within_a_minute_and_the_old_one_still_accepted() -> None:
    vault, time = Vault(key="1"), [100.0]
    secret = Secret("keys", lambda: vault, lambda: time[0])  # pyright: ignore[reportArgumentType, reportReturnType]
    assert secret.current() == {"key": "1"}
    assert vault.asked == 1  # who only signs asks for one version
    assert secret.accepted() == [{"key": "1"}]
    asked = vault.asked
    vault.rotate(key="2")
    time[0] += KEEP_SECONDS
    assert secret.current() == {"key": "1"}
    assert vault.asked == asked
    time[0] += 1
    assert secret.accepted() == [{"key": "2"}, {"key": "1"}]


def test_a_secret_that_is_not_there_is_an_error(raised: Raised) -> None:
    vault = Vault()
    vault.stages = {}
    with pytest.raises(Vault.exceptions.ResourceNotFoundException):
        Secret("keys", lambda: vault).current()  # pyright: ignore[reportArgumentType, reportReturnType]
    assert [(line["alarm"], line["secret"]) for line in raised.lines()] == [(Alarm.SECRET_UNREADABLE, "keys")]


def test_secrets_manager_keeps_them_so(world: World) -> None:
    client: Any = boto3.client("secretsmanager", region_name="ap-southeast-1")
    client.create_secret(Name="namo/test/rotated", SecretString='{"key": "1"}')
    assert Secret("namo/test/rotated", lambda: client).accepted() == [{"key": "1"}]
    client.put_secret_value(SecretId="namo/test/rotated", SecretString='{"key": "2"}')
    assert Secret("namo/test/rotated", lambda: client).accepted() == [{"key": "2"}, {"key": "1"}]
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        Secret("namo/test/absent", lambda: client).current()


def test_while_nobody_answers_what_was_read_stays_good(monkeypatch: pytest.MonkeyPatch, raised: Raised) -> None:
    vault, time = Vault(key="1"), [100.0]
    secret = Secret("keys", lambda: vault, lambda: time[0])  # pyright: ignore[reportArgumentType, reportReturnType]

    def away(**_: str) -> None:
        raise EndpointConnectionError(endpoint_url="https://secretsmanager")

    answers = vault.get_secret_value
    monkeypatch.setattr(vault, "get_secret_value", away)
    with pytest.raises(EndpointConnectionError):
        secret.current()
    assert raised.names() == [Alarm.SECRET_UNREADABLE]
    monkeypatch.setattr(vault, "get_secret_value", answers)
    assert secret.current() == {"key": "1"}
    assert secret.accepted() == [{"key": "1"}]  # there never was another
    time[0] += KEEP_SECONDS + 1
    assert raised.names() == []
    monkeypatch.setattr(vault, "get_secret_value", away)
    assert secret.current() == {"key": "1"}
    assert secret.accepted() == [{"key": "1"}]
    assert set(raised.names()) == {Alarm.SECRET_UNREADABLE}


@pytest.mark.parametrize("placeholder", ["CHANGE ME", "{}", "[]", '{"key": "1", "more": "2"}'])
def test_a_version_that_was_never_one_to_sign_with_is_left_out(placeholder: str) -> None:
    texts = {"AWSCURRENT": '{"key": "1"}', "AWSPREVIOUS": placeholder}

    class Manager(Vault):
        def get_secret_value(self, *, VersionStage: str, **_: str) -> dict[str, str]:  # noqa: N803
            return {"SecretString": texts[VersionStage]}

    secret = Secret("keys", Manager)  # pyright: ignore[reportArgumentType]
    assert secret.accepted() == [{"key": "1"}]
