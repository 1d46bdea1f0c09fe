"""What boards show follows the rows, whatever the messages do."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from google.api_core.exceptions import ServiceUnavailable

from studio.boards.board import Board
from studio.boards.model import LinkMessage, Source
from studio.boards.sync import BoardSync
from studio.errors import ContendedError
from studio.jobs import states
from studio.jobs.model import Job
from studio.media.table import withdraw
from tests.unit.boards.conftest import fields
from tests.unit.world import USER, World, picture_of, thumbnail_of

pytestmark = pytest.mark.system_date  # a call of gRPC ends at a time of the system's clock


@pytest.fixture
def link() -> dict[str, str]:
    """A project, a board and a workflow that nobody else has."""
    return {name: f"{name}-{uuid.uuid4()}" for name in ("projectId", "boardId", "workflowId")}


def paths(link: dict[str, str], id_: str) -> list[str]:
    return [
        f"projects/{link['projectId']}/images/{id_}",
        f"boards/{link['boardId']}/items/{id_}",
        f"workflows/{link['workflowId']}/results/{id_}",
    ]


def completed(world: World, link: dict[str, str]) -> Job:
    world.joined()
    job = world.generate(link=link)[0]
    job = world.jobs.step(states.claim(job, "worker", world.time, 150))
    return world.jobs.step(states.complete(job, picture_of(job), world.time))


def resized(world: World, job: Job) -> Job:
    return world.jobs.step(states.resized(job, {"thumbnail": thumbnail_of(job)}, "tag", world.time))


def news(job: Job) -> LinkMessage:
    assert job.link
    return LinkMessage(Source.JOB, job.id, job.link)


def test_a_result_is_linked_to_its_project_its_board_and_its_workflow(
    board_sync: BoardSync, world: World, database: Any, link: dict[str, str]
) -> None:
    job = completed(world, link)
    board_sync.sync(news(job))
    image = {"key": picture_of(job).key, "contentType": "image/png", "width": 1024, "height": 768, "byteSize": 99}
    wanted = {
        "id": job.id,
        "source": "JOB",
        "owner": USER.sub,
        "kind": "GENERATE",
        "model": "nanobanana-pro",
        **link,
        "image": {"original": image},
        "createdAt": world.time,
        "expiresAt": datetime.fromtimestamp(job.expires_at, UTC),
    }
    assert [fields(database, path) for path in paths(link, job.id)] == [wanted] * 3


def test_no_signed_link_and_no_prompt_is_stored(
    board_sync: BoardSync, world: World, database: Any, link: dict[str, str]
) -> None:
    job = completed(world, link)
    board_sync.sync(news(job))
    stored = str(fields(database, paths(link, job.id)[0]))
    assert "http" not in stored
    assert "lighthouse" not in stored


def test_smaller_sizes_are_merged_in_and_an_old_message_takes_nothing_back(
    board_sync: BoardSync, world: World, database: Any, link: dict[str, str]
) -> None:
    job = completed(world, link)
    board_sync.sync(news(job))
    resized(world, job)
    for _ in range(2):
        board_sync.sync(news(job))
        shown = fields(database, paths(link, job.id)[1])
        assert shown
        assert sorted(shown["image"]) == ["original", "thumbnail"]
        assert shown["image"]["thumbnail"]["width"] == 320


def test_what_others_wrote_into_the_document_stays(
    board_sync: BoardSync, world: World, database: Any, link: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = completed(world, link)
    item = database.document(paths(link, job.id)[1])
    item.set({"x": 40, "y": 2})
    api, sent = database._firestore_api, list[Any]()
    commit = api.commit
    monkeypatch.setattr(api, "commit", lambda request, **more: sent.append(request) or commit(request=request, **more))
    board_sync.sync(news(job))
    assert {"x": 40, "y": 2, "id": job.id}.items() <= item.get().to_dict().items()
    # The local server merges even what it should replace, so the requests are looked at too.
    masks = [write.update_mask.field_paths for request in sent for write in request["writes"]]
    assert len(masks) == 3
    assert all("image.original.key" in mask for mask in masks)


def test_a_deleted_job_is_unlinked_and_no_late_message_links_it_again(
    board_sync: BoardSync, world: World, database: Any, link: dict[str, str]
) -> None:
    job = completed(world, link)
    board_sync.sync(news(job))
    world.job_actions.delete(USER, job.id, world.time)
    for _ in range(2):
        board_sync.sync(news(job))
        assert [fields(database, path) for path in paths(link, job.id)] == [None] * 3


@pytest.mark.parametrize("named", ["projectId", "boardId", "workflowId"])
def test_a_link_may_name_one_place_only(
    board_sync: BoardSync, world: World, database: Any, link: dict[str, str], named: str
) -> None:
    job = completed(world, {named: link[named]})
    board_sync.sync(news(job))
    assert [field for field, path in zip(link, paths(link, job.id), strict=True) if fields(database, path)] == [named]


def test_an_upload_is_linked_once_it_has_been_looked_at(
    board_sync: BoardSync, world: World, database: Any, link: dict[str, str]
) -> None:
    world.joined()
    waiting = world.upload(link=link)
    board_sync.sync(LinkMessage(Source.UPLOAD, waiting.id, link))
    assert fields(database, paths(link, waiting.id)[1]) is None
    ready = world.uploaded(link=link)
    board_sync.sync(LinkMessage(Source.UPLOAD, ready, link))
    shown = fields(database, paths(link, ready)[1])
    assert shown
    assert (shown["source"], shown["purpose"], shown["image"]["original"]["width"]) == ("UPLOAD", "REFERENCE", 640)


@pytest.mark.parametrize("gone", [False, True])
def test_an_upload_is_unlinked_as_soon_as_it_is_marked_and_when_it_is_gone(
    board_sync: BoardSync, world: World, database: Any, link: dict[str, str], *, gone: bool
) -> None:
    world.joined()
    id_ = world.uploaded(link=link)
    board_sync.sync(LinkMessage(Source.UPLOAD, id_, link))
    found = world.uploads.find(id_)
    assert found
    assert fields(database, paths(link, id_)[1])
    world.uploads.step(withdraw(found))
    if gone:
        world.uploads.discard({"id": id_})
    board_sync.sync(LinkMessage(Source.UPLOAD, id_, link))
    assert [fields(database, path) for path in paths(link, id_)] == [None] * len(link)


class Meanwhile(Board):
    """Something happens to the row while the document is being written."""

    happens: Callable[[], Any]

    def merge(self, path: str, fields: Any) -> None:
        super().merge(path, fields)
        self.happens()


def test_a_job_that_is_deleted_while_it_is_linked_is_not_left_behind(
    board_sync: BoardSync, world: World, database: Any, link: dict[str, str]
) -> None:
    job = completed(world, {"boardId": link["boardId"]})
    board = Meanwhile(database)
    object.__setattr__(board, "happens", lambda: world.job_actions.delete(USER, job.id, world.time))
    BoardSync(world.jobs, world.uploads, board).sync(news(job))
    assert fields(database, paths(link, job.id)[1]) is None


def test_a_row_that_never_rests_is_left_to_the_queue(world: World, database: Any, link: dict[str, str]) -> None:
    job = completed(world, {"boardId": link["boardId"]})
    ages = iter(range(100))

    def age() -> None:
        row = world.jobs.get({"id": job.id})
        assert row
        world.client.update_item(
            TableName="Jobs",
            Key={"id": {"S": job.id}},
            UpdateExpression="SET expiresAt = :at",
            ExpressionAttributeValues={":at": {"N": str(row["expiresAt"] + 1 + next(ages))}},
        )

    board = Meanwhile(database)
    object.__setattr__(board, "happens", age)
    with pytest.raises(ContendedError):
        BoardSync(world.jobs, world.uploads, board).sync(news(job))


def test_a_message_and_back() -> None:
    link_message = LinkMessage(Source.UPLOAD, "1", {"boardId": "b"})
    assert link_message.message() == {"upload": "1", "link": {"boardId": "b"}}
    assert LinkMessage.from_message(link_message.message()) == link_message
    assert LinkMessage.from_message({"job": "2", "link": {}}) == LinkMessage(Source.JOB, "2", {})


def test_firestore_that_is_down_is_heard_of_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from google.auth.credentials import AnonymousCredentials  # noqa: PLC0415
    from google.cloud.firestore import Client  # noqa: PLC0415

    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:9")
    board = Board(Client(project="p", credentials=AnonymousCredentials()))
    with pytest.raises(ServiceUnavailable):
        board.merge("boards/1/items/2", {"id": "2"})
