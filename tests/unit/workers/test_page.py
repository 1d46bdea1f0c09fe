"""A page driven in a real Chromium."""

import importlib
import io
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from PIL import Image

from infra.stages import WITHOUT_POPUPS
from local.chromium.find import find
from studio.images.model import JobKind
from studio.jobs.model import Failure, Job, JobErrorCode, JobStatus
from tests.unit.resolvers.conftest import ENVIRONMENT
from tests.unit.workers.endpoints import clear_faults, set_fault
from tests.unit.workers.fakes import providers_of
from tests.unit.world import World
from workers.outcome import BLOCKED, RECITATION, REFUSED, REJECTED, UNUSABLE, FinalError, TransientError

CHROMIUM = find()

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="the browser worker is not tested: there is no Chromium on this machine"
)

from playwright.async_api import Browser, Page  # noqa: E402

from workers.chromium import Chromium  # noqa: E402
from workers.maker import ImageMaker  # noqa: E402
from workers.providers.page import PageStudio  # noqa: E402
from workers.run import Runner  # noqa: E402

PATIENCE_SECONDS = 60  # of a busy machine


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    browser = Chromium(CHROMIUM, [WITHOUT_POPUPS])
    yield browser
    browser.close()


@pytest.fixture
def page(url: str, chromium: Chromium) -> PageStudio:
    return PageStudio(chromium, f"{url}/page", PATIENCE_SECONDS)


@pytest.fixture
def job(world: World) -> Job:
    world.joined()
    return world.generate(model="nanobanana-basic", size="ONE_K", aspectRatio="LANDSCAPE_16_9", seed=7)[0]


def browser_of(chromium: Chromium) -> Browser:
    async def look(page: Page) -> Browser:
        assert page.context.browser
        return page.context.browser

    return chromium.visit(look, PATIENCE_SECONDS)


def test_every_job_has_a_page_of_its_own_in_one_browser(page: PageStudio, chromium: Chromium, world: World) -> None:
    world.joined()
    jobs = world.generate(model="nanobanana-basic", count=3)
    providers = {("nanobanana-basic", JobKind.GENERATE): page}
    runner = Runner(
        world.jobs,
        world.media,
        ImageMaker(world.media, providers),
        lease_seconds=150,
        attempt_seconds=120,
        retry_base_seconds=0,
    )
    chromium.close()  # three jobs at once start it
    runner.run([job.id for job in jobs])
    browser = browser_of(chromium)
    assert browser.contexts == []
    runner.run([job.id for job in world.generate(model="nanobanana-basic", clientRequestId="more")])
    assert browser_of(chromium) is browser
    assert [found.status for found in world.jobs.find_many([job.id for job in jobs])] == [JobStatus.COMPLETED] * 3


def test_the_form_is_filled_in_and_the_image_comes_back_whole(page: PageStudio, job: Job) -> None:
    image = Image.open(io.BytesIO(page.make(job, {})))
    image.load()
    assert (image.size, image.format) == ((1024, 576), "PNG")


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        ("blocked", BLOCKED),
        ("recitation", RECITATION),
        ("refused-in-words", REFUSED),
        ("400", REJECTED),
        ("empty", UNUSABLE),
    ],
)
def test_what_trying_again_would_not_help(page: PageStudio, job: Job, url: str, fault: str, failure: Failure) -> None:
    set_fault(url, fault)
    with pytest.raises(FinalError) as error:
        page.make(job, {})
    assert error.value.failure == failure


# A browser asks again by itself where a connection that it kept is cut.
@pytest.mark.parametrize("faults", [["429"], ["503"], ["drop", "drop"]])
def test_what_may_be_better_in_a_moment(page: PageStudio, job: Job, url: str, faults: list[str]) -> None:
    set_fault(url, *faults, "ok")
    with pytest.raises(TransientError):
        page.make(job, {})
    assert page.make(job, {})


@pytest.mark.parametrize("fault", ["garbage", "not-json", "truncated"])
def test_what_is_no_image_fails_the_job(page: PageStudio, job: Job, url: str, world: World, fault: str) -> None:
    set_fault(url, fault)
    runner = Runner(
        world.jobs,
        world.media,
        ImageMaker(world.media, {("nanobanana-basic", JobKind.GENERATE): page}),
        lease_seconds=150,
        attempt_seconds=120,
        retry_base_seconds=0,
    )
    runner.run([job.id])
    found = world.jobs.find(job.id)
    assert found
    assert found.failure
    assert found.failure.code == JobErrorCode.PROVIDER_REJECTED


@pytest.mark.parametrize("fault", ["hang", "slow:6"])
def test_a_page_that_hangs_is_cut_off_and_holds_up_no_other(page: PageStudio, job: Job, url: str, fault: str) -> None:
    page.make(job, {})  # the browser runs
    set_fault(url, fault, contains="lighthouse")
    hung = PageStudio(page.chromium, page.address, 3)
    ended: list[float] = []

    def drive() -> None:
        with pytest.raises(TransientError):
            hung.make(job, {})
        ended.append(time.monotonic())

    started, thread = time.monotonic(), threading.Thread(target=drive)
    thread.start()
    assert page.make(replace(job, spec=replace(job.image_spec, prompt="a barn")), {})
    thread.join()
    assert 3 <= ended[0] - started < PATIENCE_SECONDS
    clear_faults(url)  # a busy machine cuts it off before the page takes the fault
    assert page.make(job, {})


def test_a_page_that_is_not_there_may_come_back(page: PageStudio, job: Job) -> None:
    with pytest.raises(TransientError):
        PageStudio(page.chromium, "http://127.0.0.1:9/page", PATIENCE_SECONDS).make(job, {})


def test_another_page_is_not_taken_for_it(page: PageStudio, job: Job, url: str) -> None:
    with pytest.raises(FinalError) as error:
        PageStudio(page.chromium, f"{url}/healthz", PATIENCE_SECONDS).make(job, {})
    assert error.value.failure == UNUSABLE


def test_a_browser_that_does_not_start_is_tried_again_later(page: PageStudio, job: Job) -> None:
    chromium = Chromium("/no/such/chromium", [WITHOUT_POPUPS])
    with pytest.raises(TransientError):
        PageStudio(chromium, page.address, PATIENCE_SECONDS).make(job, {})
    chromium.path = CHROMIUM
    assert PageStudio(chromium, page.address, PATIENCE_SECONDS).make(job, {})
    chromium.close()


def test_a_browser_that_died_is_replaced(page: PageStudio, job: Job, chromium: Chromium) -> None:
    page.make(job, {})
    chromium.visit(lambda seen: seen.context.browser.close(), PATIENCE_SECONDS)  # pyright: ignore[reportOptionalMemberAccess]
    assert page.make(job, {})


def test_the_function_from_its_environment(url: str, world: World, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = {
        "RETRY_BASE_SECONDS": "0",
        "ATTEMPT_SECONDS": "20",
        "LEASE_SECONDS": "150",
        "CHROMIUM_FLAGS": WITHOUT_POPUPS,
    }
    models_ = {"PROVIDER_MODELS": json.dumps({"nanobanana-basic": f"{url}/page"}), "CHROMIUM": CHROMIUM}
    for variable, value in {**ENVIRONMENT, **worker, **models_}.items():
        monkeypatch.setenv(variable, value)
    module = importlib.reload(importlib.import_module("workers.browser"))
    module.handler({"jobs": [job.id]}, None)
    page = providers_of(module.runner())["nanobanana-basic", JobKind.GENERATE]
    assert isinstance(page, PageStudio)
    page.chromium.close()
    (found,) = world.jobs.find_many([job.id])
    assert found.status == JobStatus.COMPLETED


@pytest.mark.parametrize("asked", [{}, {"prompt": " ", "aspectRatio": "1:1"}, {"prompt": "a", "aspectRatio": "2:1"}])
def test_the_local_page_draws_what_its_form_can_ask_for(url: str, asked: dict[str, str]) -> None:
    answer = httpx.post(f"{url}/page/pictures", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "rejected")
