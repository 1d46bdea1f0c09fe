"""Imagen's answers in the words of the refund table: the real SDK against the local endpoint."""

import importlib
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from google.auth.exceptions import RefreshError, TransportError
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials
from google.protobuf.json_format import MessageToDict

from studio.clock import now
from studio.images.model import EditMode, JobKind
from studio.jobs.model import Failure, Job
from tests.unit.workers.edits import MODES, SIZE, calls, edit, inputs_of, pixels
from tests.unit.workers.endpoints import in_vain, set_fault
from workers.finish import finished
from workers.outcome import BLOCKED, RECITATION, RETIRED, UNAVAILABLE, UNUSABLE, FinalError, TransientError
from workers.picture import inspect
from workers.provider import Pictures
from workers.providers.retiring import LazyProvider, RetiringProvider

if TYPE_CHECKING:
    from workers.providers.imagen import Imagen

MODEL = "projects/p/locations/us-central1/publishers/google/models/imagen-3.0-capability-001"
ROOT = Path(__file__).resolve().parents[3]
INSERT = edit(EditMode.INPAINT_INSERT)


ENVIRONMENT = {
    **dict.fromkeys(("JOBS_TABLE", "MEDIA_BUCKET", "VERTEX_SECRET"), "x"),
    **dict.fromkeys(("RETRY_BASE_SECONDS", "ATTEMPT_SECONDS", "LEASE_SECONDS"), "20"),
    "PROVIDER_MODELS": '{"nanobanana-2": "gemini-3.1-flash-image"}',
    "VERTEX_PROJECT": "p",
    "VERTEX_LOCATION": "global",
    "VERTEX_ENDPOINT": "",
    "IMAGEN_MODELS": '{"nanobanana-2": "imagen-3.0-capability-001"}',
    "IMAGEN_LOCATION": "us-central1",
    "IMAGEN_RETIRES_ON": "9999-12-31",
}


@pytest.fixture
def worker(url: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The Vertex worker, which reads its settings when it is imported."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    module = importlib.import_module("workers.vertex")
    monkeypatch.setattr(module.config, "vertex_endpoint", url)
    return module


def imagen(url: str, model: str = MODEL, seconds: float = 20, credentials: Any = None) -> "Imagen":
    from workers.providers.imagen import Imagen  # noqa: PLC0415 - its SDK takes long, and only these tests need it

    return Imagen.connect(url, credentials or Credentials(token="t"), model, seconds)


def failure_of(provider: "Imagen", job: Job = INSERT) -> Failure:
    with pytest.raises(FinalError) as error:
        provider.make(job, inputs_of(job))
    return error.value.failure


@pytest.mark.parametrize("mode", MODES)
def test_an_edit_changes_what_the_mask_shows_and_nothing_else(url: str, mode: EditMode) -> None:
    job = edit(mode)
    made = imagen(url).make(job, inputs_of(job))
    kept = pixels(finished(job, inputs_of(job), made))
    original = pixels(inputs_of(job)["image"])
    if job.image_spec.outpaint:
        left, right = job.image_spec.outpaint.left, job.image_spec.outpaint.left + SIZE[0]
        assert kept.shape == (SIZE[1] + 16, SIZE[0] + 96, 3)
        assert (kept[: SIZE[1], left:right] == original).all()
    else:
        half = SIZE[0] // 2
        assert (kept[:, half:] == original[:, half:]).all()
        assert (pixels(made)[:, half:] != original[:, half:]).any(), "the model returns it a little changed"
    assert (kept[:200, 8:24] != original[:200, 8:24]).mean() > 0.5


def test_what_google_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def predict(**given: Any) -> Any:
        asked.update(given)
        raise TransportError("far enough", retryable=True)

    provider = imagen("http://127.0.0.1:9")
    monkeypatch.setattr(provider.client, "predict", predict)
    with pytest.raises(TransientError):
        provider.make(INSERT, inputs_of(INSERT))
    assert (asked["endpoint"], asked["retry"], asked["timeout"]) == (MODEL, None, 20)
    parameters = MessageToDict(asked["parameters"])
    instance = MessageToDict(asked["instances"][0])
    assert parameters["editMode"] == "EDIT_MODE_INPAINT_INSERTION"
    assert parameters["editConfig"]["baseSteps"] == 35
    assert parameters["includeRaiReason"] is True
    image, mask = instance["referenceImages"]
    assert (image["referenceType"], mask["referenceType"]) == ("REFERENCE_TYPE_RAW", "REFERENCE_TYPE_MASK")
    assert mask["maskImageConfig"] == {"maskMode": "MASK_MODE_USER_PROVIDED", "dilation": 0.01}
    assert instance["prompt"] == "a lighthouse"


@in_vain
def test_what_trying_again_would_not_help(url: str, fault: str, failure: Failure) -> None:
    set_fault(url, fault)
    before = calls(url)
    assert failure_of(imagen(url)) == failure
    assert calls(url) == before + 1


@pytest.mark.parametrize("fault", ["408", "429", "500", "502", "503", "504", "drop"])
def test_what_may_be_better_in_a_moment(url: str, fault: str) -> None:
    set_fault(url, fault)
    before = calls(url)
    with pytest.raises(TransientError) as error:
        imagen(url).make(INSERT, inputs_of(INSERT))
    assert error.value.retry_after is None
    assert calls(url) == before + 1


def test_retry_after_and_an_answer_that_takes_too_long(url: str) -> None:
    set_fault(url, "retry-after:7", "slow:1.5")
    with pytest.raises(TransientError) as error:
        imagen(url).make(INSERT, inputs_of(INSERT))
    assert error.value.retry_after == 7
    with pytest.raises(TransientError):
        imagen(url, seconds=0.3).make(INSERT, inputs_of(INSERT))


def test_the_pause_that_only_the_body_asks_for_and_a_quota_of_the_day(url: str) -> None:
    set_fault(url, "retry-info:12.837906927", "daily-quota")
    with pytest.raises(TransientError) as error:
        imagen(url).make(INSERT, inputs_of(INSERT))
    assert error.value.retry_after == 12.837906927
    assert failure_of(imagen(url)) == UNAVAILABLE


def test_what_is_too_close_to_anothers_work_is_not_unsafe(url: str) -> None:
    set_fault(url, "recitation")
    assert failure_of(imagen(url)) == RECITATION


def test_nobody_there_is_passing_and_no_permission_to_ask_is_ours(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TransientError):
        imagen("http://127.0.0.1:9").make(INSERT, inputs_of(INSERT))

    def no_token(**_: Any) -> None:
        raise RefreshError("invalid_grant")

    provider = imagen(url)
    monkeypatch.setattr(provider.client, "predict", no_token)
    with pytest.raises(RefreshError):
        provider.make(INSERT, inputs_of(INSERT))


@pytest.mark.parametrize("fault", ["garbage", "truncated"])
def test_what_is_no_image_is_found_before_it_is_kept(url: str, fault: str) -> None:
    set_fault(url, fault)
    made = imagen(url).make(INSERT, inputs_of(INSERT))
    with pytest.raises(FinalError) as error:
        inspect("job-1", made)
    assert error.value.failure == UNUSABLE


def test_the_endpoints_own_filter_and_unknown_models(url: str) -> None:
    assert failure_of(imagen(url), edit(EditMode.BACKGROUND_SWAP, "something forbidden")) == BLOCKED
    assert failure_of(imagen(url, MODEL.replace("capability-001", "capability-009"))) == RETIRED


class Named:
    """A provider that answers its name, or what it was told to raise."""

    def __init__(self, name: bytes, error: Exception | None = None) -> None:
        self.name, self.error = name, error

    def make(self, job: Job, inputs: Pictures) -> bytes:
        del job, inputs
        if self.error:
            raise self.error
        return self.name


@pytest.mark.parametrize(("days", "who"), [(1, b"first"), (0, b"then"), (-30, b"then")])
def test_the_successor_does_the_same_jobs_from_the_day_on(days: int, who: bytes) -> None:
    retires_on = now().date() + timedelta(days=days)
    assert RetiringProvider(Named(b"first"), retires_on, Named(b"then")).make(INSERT, {}) == who


def test_a_model_that_is_gone_early_is_succeeded_at_once_but_nothing_else_is_passed_on() -> None:
    def asked(error: Exception) -> bytes | None:
        return RetiringProvider(Named(b"", error), date.max, Named(b"then")).make(INSERT, {})

    assert asked(FinalError(RETIRED)) == b"then"
    with pytest.raises(FinalError):
        asked(FinalError(BLOCKED))
    with pytest.raises(TransientError):
        asked(TransientError())


class Account(service_account.Credentials):
    """An account whose tokens are numbered."""

    def __init__(self) -> None:
        super().__init__(signer=None, service_account_email="worker@p", token_uri="http://127.0.0.1:9")
        self.tokens = 0

    def refresh(self, request: Any) -> None:
        del request
        self.tokens += 1
        self.token, self.expiry = f"token-{self.tokens}", datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)


def test_an_accounts_token_is_asked_for_once_and_shared(url: str, worker: ModuleType) -> None:
    account = Account()
    provider = imagen(url, credentials=worker.shared(account))
    for _ in range(2):
        assert provider.make(INSERT, inputs_of(INSERT))
    assert account.tokens == 1


def test_the_vertex_worker_has_imagen_edit_until_its_day(worker: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    providers = worker.providers(Account())
    editor = providers["nanobanana-2", JobKind.EDIT]
    assert isinstance(editor, RetiringProvider)
    assert isinstance(editor.first, LazyProvider)
    assert editor.retires_on == date.max
    assert editor.then is providers["nanobanana-2", JobKind.GENERATE]
    made = editor.make(INSERT, inputs_of(INSERT))
    assert made is not None
    assert np.shape(pixels(made)) == (SIZE[1], SIZE[0], 3)
    monkeypatch.setattr(worker.config, "imagen_retires_on", "")
    assert worker.providers(Account())["nanobanana-2", JobKind.EDIT].retires_on == worker.IMAGEN_RETIRES_ON


def test_generations_do_not_wait_for_imagens_sdk() -> None:
    look = "import sys, workers.vertex; print([name for name in sys.modules if 'aiplatform' in name])"
    command = [sys.executable, "-c", look]
    environment = {**ENVIRONMENT, "PYTHONPATH": str(ROOT), "PATH": ""}
    loaded = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
