"""Who tells the boards, and of what."""

import json
from typing import Any

import boto3
import pytest

from studio.dynamo import pack, update
from studio.jobs import states
from studio.jobs.model import Failure, Job, JobErrorCode
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import numbers, record
from tests.unit.world import USER, World, picture_of

LINK = {"projectId": "p", "boardId": "b"}


class Queue:
    """A queue of one test's own."""

    def __init__(self) -> None:
        self.client: Any = boto3.client("sqs")
        self.url: str = self.client.create_queue(QueueName="boards")["QueueUrl"]

    def messages(self) -> list[dict[str, Any]]:
        found = self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in found]


@pytest.fixture
def queue(world: World) -> Queue:
    queue = Queue()
    queue.client.delete_queue(QueueUrl=queue.url)
    return Queue()


def completed(world: World, **given: Any) -> Job:
    world.joined()
    job = world.jobs.step(states.claim(world.generate(**given)[0], "worker", world.time, 150))
    return world.jobs.step(states.complete(job, picture_of(job), world.time))


def removed(world: World, job: Job) -> dict[str, Any]:
    row = world.jobs.get({"id": job.id})
    assert row
    change = {"Keys": {"id": {"S": job.id}}, "OldImage": pack(row), "SequenceNumber": f"{job.id}-gone"}
    return {"eventName": "REMOVE", "dynamodb": change}


def test_a_completed_job_is_told_and_again_with_its_sizes(load: Load, world: World, queue: Queue) -> None:
    module = load("resolvers.streams.jobs", BOARDS_QUEUE=queue.url)
    job = completed(world, link=LINK)
    first = record(world, job)
    world.jobs.step(states.resized(job, {}, "tag", world.time))
    assert numbers(module.handler({"Records": [first, record(world, job)]}, None)) == []
    assert queue.messages() == [{"job": job.id, "link": LINK}] * 2


def test_a_removed_job_is_told_and_neither_dispatched_nor_refunded(load: Load, world: World, queue: Queue) -> None:
    module = load("resolvers.streams.jobs", BOARDS_QUEUE=queue.url)
    done = completed(world, link=LINK)
    gone = removed(world, done)
    failed = world.generate(clientRequestId="2", link=LINK)[0]
    failed = world.jobs.step(states.fail(failed, Failure(JobErrorCode.INTERNAL, "It failed."), world.time))
    points = world.person(USER).points
    assert numbers(module.handler({"Records": [gone, removed(world, failed)]}, None)) == []
    assert queue.messages() == [{"job": done.id, "link": LINK}]
    assert world.person(USER).points == points


@pytest.mark.parametrize(
    "spoiled", [{"history": "x"}, {"version": "x"}, {"status": "x"}, {"status": "PENDING", "spec": 1}]
)
def test_a_job_that_cannot_be_read_is_unlinked_when_it_is_deleted(
    load: Load, world: World, queue: Queue, monkeypatch: pytest.MonkeyPatch, spoiled: dict[str, Any]
) -> None:
    module = load("resolvers.streams.jobs", BOARDS_QUEUE=queue.url)
    done, other = completed(world, link=LINK), completed(world, link=LINK, clientRequestId="2")
    world.jobs.apply(update({"id": done.id}, set=spoiled))
    gone: list[dict[str, Any]] = []
    delete = world.client.delete_item

    def seen(**request: Any) -> Any:
        gone.append(removed(world, done))
        return delete(**request)

    monkeypatch.setattr(world.client, "delete_item", seen)
    assert world.job_actions.delete(USER, done.id, world.time) == done.id
    assert numbers(module.handler({"Records": [*gone, removed(world, other)]}, None)) == []
    assert sorted(each["job"] for each in queue.messages()) == sorted([done.id, other.id])


@pytest.mark.parametrize(
    "bad", [{}, {"OldImage": {"link": {"M": {"boardId": {"S": "b"}}}}}, {"Keys": {"id": {"N": "1"}}}]
)
def test_a_removal_of_which_nothing_can_be_read_is_put_aside(
    load: Load, world: World, queue: Queue, bad: dict[str, Any]
) -> None:
    module = load("resolvers.streams.jobs", BOARDS_QUEUE=queue.url, UNREAD_QUEUE=queue.url)
    records = [{"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "bad", **bad}}]
    assert numbers(module.handler({"Records": records}, None)) == []
    assert [each["sequenceNumber"] for each in queue.messages()] == ["bad"]


@pytest.mark.parametrize("link", [None, 5, {"boardId": 5}])
def test_a_removed_job_of_which_not_even_the_link_can_be_read_is_put_aside(
    load: Load, world: World, queue: Queue, link: Any
) -> None:
    module = load("resolvers.streams.jobs", BOARDS_QUEUE=queue.url, UNREAD_QUEUE=queue.url)
    done = completed(world, link=LINK)
    world.jobs.apply(
        update({"id": done.id}, set={"history": "x", "link": link}, remove=("link",) if link is None else ())
    )
    assert numbers(module.handler({"Records": [removed(world, done)]}, None)) == []
    assert [list(each) for each in queue.messages()] == [["stream", "event", "keys", "sequenceNumber"]]


def test_a_job_without_a_link_is_none_of_their_business(load: Load, world: World, queue: Queue) -> None:
    module = load("resolvers.streams.jobs", BOARDS_QUEUE=queue.url)
    assert numbers(module.handler({"Records": [record(world, completed(world))]}, None)) == []
    assert queue.messages() == []


def test_a_queue_that_is_away_delays_the_telling_and_nothing_else(load: Load, world: World) -> None:
    module = load("resolvers.streams.jobs", BOARDS_QUEUE="https://sqs.ap-southeast-1.amazonaws.com/1/none")
    done = completed(world, link=LINK)
    failed = world.generate(clientRequestId="2")[0]
    failed = world.jobs.step(states.fail(failed, Failure(JobErrorCode.INTERNAL, "It failed."), world.time))
    records = [record(world, done), record(world, failed)]
    assert numbers(module.handler({"Records": records}, None)) == [f"{done.id}-3"]
    assert world.person(USER).points == 19


def upload_record(name: str, world: World, id_: str) -> dict[str, Any]:
    row = world.uploads.get({"id": id_})
    assert row
    change = {"Keys": {"id": {"S": id_}}, "OldImage": pack(row), "SequenceNumber": f"{id_}-{name}"}
    return {"eventName": name, "dynamodb": change}


def test_an_upload_that_goes_and_one_that_is_gone_are_told(load: Load, world: World, queue: Queue) -> None:
    module = load("resolvers.streams.uploads", BOARDS_QUEUE=queue.url)
    world.joined()
    deleted, expired = world.uploaded(link=LINK), world.uploaded(link=LINK)
    records = [upload_record("MODIFY", world, deleted), upload_record("REMOVE", world, expired)]
    assert numbers(module.handler({"Records": records}, None)) == []
    assert queue.messages() == [{"upload": id_, "link": LINK} for id_ in (deleted, expired)]


def test_an_upload_that_cannot_be_read_is_unlinked_and_others_are_nobodys_business(
    load: Load, world: World, queue: Queue
) -> None:
    module = load("resolvers.streams.uploads", BOARDS_QUEUE=queue.url, UNREAD_QUEUE=queue.url)
    world.joined()
    spoiled, plain = world.uploaded(link=LINK), world.uploaded()
    world.uploads.apply(update({"id": spoiled}, set={"status": "x", "createdAt": 5}))
    records = [upload_record("REMOVE", world, id_) for id_ in (spoiled, plain, f"open#{USER.sub}")]
    assert numbers(module.handler({"Records": records}, None)) == []
    assert queue.messages() == [{"upload": spoiled, "link": LINK}]


@pytest.mark.parametrize("link", [5, {"boardId": 5}])
def test_an_upload_of_which_not_even_the_link_can_be_read_is_put_aside(
    load: Load, world: World, queue: Queue, link: Any
) -> None:
    module = load("resolvers.streams.uploads", UNREAD_QUEUE=queue.url)
    world.joined()
    id_ = world.uploaded()
    world.uploads.apply(update({"id": id_}, set={"link": link}))
    assert numbers(module.handler({"Records": [upload_record("REMOVE", world, id_)]}, None)) == []
    assert [each["sequenceNumber"] for each in queue.messages()] == [f"{id_}-REMOVE"]


def test_news_of_an_upload_that_the_queue_did_not_take_comes_again(load: Load, world: World) -> None:
    module = load("resolvers.streams.uploads", BOARDS_QUEUE="https://sqs.ap-southeast-1.amazonaws.com/1/none")
    world.joined()
    id_ = world.uploaded(link=LINK)
    assert numbers(module.handler({"Records": [upload_record("REMOVE", world, id_)]}, None)) == [f"{id_}-REMOVE"]
