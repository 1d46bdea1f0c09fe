"""The daily look rings for a model that its provider has no longer, and for no other."""

import importlib
import json
from types import ModuleType
from typing import Any

import pytest

from infra.functions.model_probe import FUNCTION
from local.models.bedrock import MODELS as BEDROCK
from local.models.gemini import MODELS as GEMINI
from tests.stages import stage_named
from tests.unit.raised import Raised
from tests.unit.service_accounts import account_info, new_key

OURS = {"gemini-3-pro-image": "global", "gemini-nano-banana-2.1": "global"}
AMAZONS = {"stability.stable-image-core-v1:1": "us-west-2", "stability.stable-fast-upscale-v1:0": "us-west-2"}


@pytest.fixture
def probe(url: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    variables = {
        "VERTEX_MODELS": "{}",
        "VERTEX_ENDPOINT": "",
        "VERTEX_SECRET": "namo/test/vertex",
        "BEDROCK_MODELS": "{}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_ENDPOINT_URL_BEDROCK": url,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    module = importlib.import_module("workers.model_probe")
    monkeypatch.setattr(module.config, "vertex_endpoint", url)
    info = account_info(new_key(), f"{url}/token")
    monkeypatch.setattr(module._secret, "text", lambda: json.dumps(info))
    return module


def look(probe: ModuleType, monkeypatch: pytest.MonkeyPatch, google: Any, amazon: Any) -> Any:
    monkeypatch.setattr(probe.config, "vertex_models", google)
    monkeypatch.setattr(probe.config, "bedrock_models", amazon)
    return probe.handler({}, None)


def test_what_is_there_is_silent(probe: ModuleType, monkeypatch: pytest.MonkeyPatch, raised: Raised) -> None:
    assert look(probe, monkeypatch, OURS, AMAZONS) == {"gone": []}
    assert raised.lines() == []


def test_what_is_gone_rings_by_its_name(probe: ModuleType, monkeypatch: pytest.MonkeyPatch, raised: Raised) -> None:
    google, amazon = {**OURS, "imagen-3.0-capability-001": "global"}, {**AMAZONS, "stability.sd9-v1:0": "us-west-2"}
    gone = ["imagen-3.0-capability-001", "stability.sd9-v1:0"]
    assert look(probe, monkeypatch, google, amazon) == {"gone": gone}
    assert [(line["alarm"], line["model"]) for line in raised.lines()] == [("MODEL_GONE", name) for name in gone]


def test_a_provider_that_does_not_answer_fails_the_run_after_the_others(
    probe: ModuleType, monkeypatch: pytest.MonkeyPatch, raised: Raised
) -> None:
    monkeypatch.setattr(probe.config, "vertex_endpoint", "http://127.0.0.1:9")
    with pytest.raises(probe.NotLookedAtError):
        look(probe, monkeypatch, OURS, {"stability.sd9-v1:0": "us-west-2"})
    assert raised.names() == ["MODEL_GONE"], "that nobody answered is no proof that a model is gone"


def test_a_stage_looks_for_every_model_that_it_asks() -> None:
    variables = FUNCTION.variables(stage_named("prod"))
    google, amazon = (json.loads(variables[name]) for name in ("VERTEX_MODELS", "BEDROCK_MODELS"))
    assert set(google) == set(GEMINI)
    assert set(amazon) == {name.removeprefix("us.") for name in BEDROCK if "stability" in name}
    assert google["gemini-nano-banana-2.1"] == "global"
    assert set(amazon.values()) == {"us-west-2"}
