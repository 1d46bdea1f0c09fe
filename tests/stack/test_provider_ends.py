"""What a provider has no part in: workers that die, deadlines, cancels, messages that come twice or too late."""

import asyncio
import json
import uuid
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from tests.stack import books
from tests.stack.asking import ask, generate, get, until
from tests.stack.behind import Behind
from tests.stack.client import Pause, StackClient
from tests.stack.event_log import Event, event_log
from tests.stack.provider import Wish
from tests.stack.ways import WAYS, WORKERS, Asker, asker

MAX_CLAIMS = 3
ENDPOINT = "namo-local-sdxl"


async def each_way(client: StackClient, live: Callable[[Asker], Coroutine[Any, Any, None]], *ways: str) -> None:
    """Live something through in several ways at once, each with a person of its own; then check the books."""
    async with AsyncExitStack() as held:
        askers = [await asker(client, held, way, 2) for way in ways or WAYS]
        await asyncio.gather(*(live(each) for each in askers))
    for kept in books.every(client, [each.person.sub for each in askers]).values():
        kept.check()


async def back(by: Asker, job: Event, code: str | None) -> Event:
    """The refund, of all that was taken."""
    end = await by.refunded(job)
    charge = end["charge"]
    assert (end["status"], end["errorCode"]) == ("FAILED" if code else "CANCELED", code)
    taken = (charge["points"], charge["freeImages"])
    assert (charge["refundedPoints"], charge["refundedFreeImages"]) == taken != (0, 0)
    return end


@asynccontextmanager
async def deaf() -> AsyncGenerator[str]:
    """An address that takes calls and never answers."""
    ends = asyncio.Event()

    async def never(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ends.wait()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        ends.set()
        server.close()


async def test_a_job_that_kills_its_workers_fails_and_comes_back(client: StackClient) -> None:
    behind = Behind(client)

    async def live(by: Asker) -> None:
        job = await by.ask("slow:60", repeat=True)
        for times in range(1, MAX_CLAIMS + 1):
            await by.claimed(job, times)
            assert behind.kill_workers(by.way.worker)
            behind.lapse(job["id"])
            behind.sweep()
        await back(by, job, "INTERNAL")
        assert behind.objects_of(job["id"]) == []

    await each_way(client, live, "gemini", "stability edits", "page")


async def test_a_worker_that_dies_handing_over_loses_nothing(client: StackClient) -> None:
    """The asynchronous model's worker is done in a moment: it is killed while the endpoint does not answer."""
    behind = Behind(client)

    async def live(by: Asker) -> None:
        async with deaf() as nobody:
            with behind.changed("sagemaker", AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=nobody):
                job = await by.ask()
                await by.claimed(job)
                assert behind.kill_workers("sagemaker")
        behind.lapse(job["id"])
        behind.sweep()
        assert (await by.events.end_of(job["id"]))["status"] == "COMPLETED"

    await each_way(client, live, "sagemaker")


async def test_an_event_that_comes_again_meets_the_function_as_it_is_by_then(client: StackClient) -> None:
    behind, stranger = Behind(client), str(uuid.uuid4())
    with behind.changed("sagemaker-done", JOBS_TABLE="elsewhere"):
        ours = {"endpointName": ENDPOINT, "inputLocation": _input(client, stranger)}
        notification = {"invocationStatus": "Failed", "inferenceId": stranger, "requestParameters": ours}
        behind.send("sagemaker-done", {"Records": [{"Sns": {"Message": json.dumps(notification)}}]})
        await until(lambda: behind.logged("sagemaker-done", "AccessDenied"))
    await until(lambda: behind.logged("sagemaker-done", "an inference changes nothing", stranger))


async def test_past_its_deadline_a_job_fails_and_its_late_image_is_dropped(client: StackClient) -> None:
    behind = Behind(client)

    async def live(by: Asker) -> None:
        job = await by.ask("slow:8")  # below the attempt's ten seconds: time to come too late on a busy machine
        await by.claimed(job)
        behind.expire(job["id"])
        behind.sweep()
        end = await back(by, job, "TIMED_OUT")
        await _dropped(by, behind, job, end)

    await each_way(client, live)


async def test_what_is_canceled_while_it_is_made_comes_back_and_its_late_image_is_dropped(client: StackClient) -> None:
    behind = Behind(client)

    async def live(by: Asker) -> None:
        job = await by.ask("slow:8")  # below the attempt's ten seconds: time to come too late on a busy machine
        await by.claimed(job)
        await get(client, by.person, "cancelJob", id=job["id"])
        end = await back(by, job, None)
        await _dropped(by, behind, job, end)

    await each_way(client, live)


def _input(client: StackClient, job_id: str) -> str:
    return f"s3://{client.outputs['mediaBucket']}/inference/input/{job_id}.json"


async def _dropped(by: Asker, behind: Behind, job: Event, end: Event) -> None:
    """Wait until whoever brings the image has found out that it is too late."""
    function, words = by.way.worker, "the job went on without this worker"
    if function == "sagemaker":
        function, words = "sagemaker-done", "an inference changes nothing"
    await until(lambda: behind.logged(function, words, job["id"]))
    places = [place for place in behind.places_of(job["id"]) if not place.startswith("inference/")]
    await until(lambda: not behind.stored(*places))
    assert (await get(by.client, by.person, "job", id=job["id"]))["version"] == end["version"]


async def test_what_is_canceled_before_it_began_comes_back_and_nobody_is_asked(client: StackClient) -> None:
    async def live(by: Asker) -> None:
        job = await by.ask()
        await get(client, by.person, "cancelJob", id=job["id"])
        end = await back(by, job, None)
        assert [event["status"] for event in end["history"]] == ["PENDING", "CANCELED", "CANCELED"]
        assert await by.calls(job) == []

    with Behind(client).no_workers(*WORKERS):
        await each_way(client, live)


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"model": "titan"}, "MODEL_RETIRED"),
        ({"model": "nanobanana-2"}, "MODEL_ADMIN_ONLY"),
        ({"model": "sdxl", "size": "FOUR_K"}, "SIZE_NOT_SUPPORTED"),
        ({"model": "nanobanana-basic", "references": [str(uuid.uuid4())]}, "TOO_MANY_REFERENCES"),
        ({"model": "dall-e"}, "MODEL_UNKNOWN"),
    ],
)
async def test_what_is_refused_before_work_began_takes_nothing(
    client: StackClient, wanted: dict[str, Any], error: str
) -> None:
    person = await client.new_user(5)
    refused = await ask(client, person, "generateImages", input=Wish(client.outputs["modelsUrl"]).input(**wanted))
    assert refused.error_types == [error]
    assert await client.points(person) == 5
    assert books.of(client, person.sub).jobs == []


# ---- an endpoint that tells later


async def test_an_inference_that_never_tells_ends_with_the_deadline(client: StackClient) -> None:
    behind = Behind(client)

    async def live(by: Asker) -> None:
        job = await by.ask("silent")
        await until(lambda: bool(behind.stored(f"inference/input/{job['id']}")))
        await by.claimed(job)
        await _submitted(by, job)
        behind.expire(job["id"])
        behind.sweep()
        await back(by, job, "TIMED_OUT")

    await each_way(client, live, "sagemaker")


async def _submitted(by: Asker, job: Event) -> None:
    pause = Pause()
    async with asyncio.timeout(60):
        while not await by.calls(job):
            await pause()


@pytest.mark.parametrize("status", ["Completed", "Failed"])
async def test_what_an_endpoint_says_again_changes_nothing(client: StackClient, status: str) -> None:
    behind, bucket = Behind(client), client.outputs["mediaBucket"]

    async def live(by: Asker) -> None:
        job = await by.ask("twice")
        await by.events.end_of(job["id"])
        await until(lambda: len(behind.objects_of(job["id"])) >= 4)
        await by.events.until(lambda _: any(each["image"]["thumbnail"] for each in by.events.of(job["id"])[-1:]))
        before = await get(client, by.person, "job", id=job["id"])
        message = {
            "invocationStatus": status,
            "inferenceId": job["id"],
            "failureReason": "Received server error (500)",
            "requestParameters": {
                "endpointName": ENDPOINT,
                "inputLocation": _input(client, job["id"]),
            },
            "responseParameters": {"outputLocation": f"s3://{bucket}/inference/output/{uuid.uuid4()}.out"},
        }
        for _ in range(2):
            behind.invoke("sagemaker-done", {"Records": [{"Sns": {"Message": json.dumps(message)}}]})
        behind.invoke("sagemaker", {"jobs": [job["id"]]})
        after = await get(client, by.person, "job", id=job["id"])
        assert (after["version"], after["status"]) == (before["version"], "COMPLETED")
        assert len(await by.calls(job)) == 1

    await each_way(client, live, "sagemaker")


# ---- free images


async def test_three_images_a_day_are_free_and_one_that_failed_comes_back_on_its_day(client: StackClient) -> None:
    person, page = await client.new_user(6), {"model": "nanobanana-basic"}
    wish = Wish(client.outputs["modelsUrl"])

    async def quoted(count: int) -> tuple[int, int]:
        quote = await get(client, person, "quote", input={**page, "kind": "GENERATE", "count": count})
        return quote["freeImages"], quote["points"]

    async with event_log(client, person) as events:
        assert await quoted(4) == (3, 2)
        made = await generate(client, person, wish.input(**page, count=4))
        assert [(job["charge"]["freeImages"], job["charge"]["points"]) for job in made] == [*[(1, 0)] * 3, (0, 2)]
        for job in made:
            assert (await events.end_of(job["id"]))["status"] == "COMPLETED"
        assert await quoted(1) == (0, 2)
    assert await client.points(person) == 4
    usage = (await get(client, person, "usage"))["byModel"]
    assert [(each["model"], each["images"], each["freeImages"], each["freeLeft"]) for each in usage] == [
        ("nanobanana-basic", 4, 3, 0)
    ]

    other = await client.new_user(2)
    bad = await Wish(client.outputs["modelsUrl"]).meets("400")
    async with event_log(client, other) as events:
        (job,) = await generate(client, other, bad.input(**page))
        end = await events.end_of(job["id"], refunded=True)
    assert (end["charge"]["refundedPoints"], end["charge"]["refundedFreeImages"]) == (0, 1)
    quote = await get(client, other, "quote", input={**page, "kind": "GENERATE", "count": 3})
    assert (quote["freeImages"], quote["points"]) == (3, 0)
    for sub in (person.sub, other.sub):
        books.of(client, sub).check()
