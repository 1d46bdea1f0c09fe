"""The Vertex worker asks each model where Google has it."""

import importlib
from types import ModuleType

import pytest
from google.oauth2.credentials import Credentials

from infra.providers import GEMINI, Vertex
from studio.catalogue.data import CATALOGUE
from studio.images.model import JobKind
from workers.providers.gemini import Gemini

ENVIRONMENT = {
    **dict.fromkeys(("JOBS_TABLE", "MEDIA_BUCKET", "VERTEX_SECRET"), "x"),
    **dict.fromkeys(("RETRY_BASE_SECONDS", "ATTEMPT_SECONDS", "LEASE_SECONDS"), "20"),
    "PROVIDER_MODELS": '{"nanobanana-pro": "gemini-3-pro-image", "nanobanana-2": "gemini-nano-banana-2.1"}',
    "VERTEX_PROJECT": "p",
    "VERTEX_LOCATIONS": '{"nanobanana-pro": "europe-west4", "nanobanana-2": "global"}',
    "VERTEX_ENDPOINT": "",
}


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return importlib.import_module("workers.vertex")


def test_each_model_is_asked_where_it_is(worker: ModuleType) -> None:
    providers = worker.providers(Credentials(token="t"))
    assert set(providers) == {(model, kind) for model in ("nanobanana-pro", "nanobanana-2") for kind in JobKind}
    for kind in JobKind:
        assert _location(providers["nanobanana-pro", kind]) == "europe-west4"
        assert _location(providers["nanobanana-2", kind]) == "global"


def _location(provider: Gemini) -> str | None:
    return provider.client._api_client.location  # pyright: ignore[reportPrivateUsage]


def test_a_stage_asks_for_what_is_global_alone_nowhere_else() -> None:
    assert Vertex("p", "europe-west4", GEMINI).locations == {
        "nanobanana-pro": "europe-west4",
        "nanobanana-2": "global",
        "nanobanana-lite": "europe-west4",
    }
    assert set(GEMINI) == {model.id for model in CATALOGUE if model.worker == "vertex"}
