"""Boards in a Firestore of their own, driven by the official client."""

from collections.abc import Iterator
from typing import Any

import firebase_admin
import pytest
from firebase_admin import firestore
from google.auth.credentials import AnonymousCredentials

from local.firestore import start
from local.processes import Children, free_ports
from studio.boards.board import Board
from studio.boards.sync import BoardSync
from tests.unit.world import World


class _Nobody(firebase_admin.credentials.Base):
    def get_credential(self) -> Any:
        return AnonymousCredentials()


@pytest.fixture(scope="session")
def firestore_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    (port,) = free_ports([None])
    with Children(tmp_path_factory.mktemp("firestore")) as children:
        start.wait_ready(start.start(children, port), port)
        yield f"127.0.0.1:{port}"


@pytest.fixture(scope="session")
def database(firestore_host: str) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", firestore_host)
        app = firebase_admin.initialize_app(_Nobody(), {"projectId": "namo-test"}, "test")
        yield firestore.client(app)
        firebase_admin.delete_app(app)


@pytest.fixture
def board_sync(world: World, database: Any) -> BoardSync:
    return BoardSync(world.jobs, world.uploads, Board(database))


def fields(database: Any, path: str) -> dict[str, Any] | None:
    found = database.document(path).get()
    return found.to_dict() if found.exists else None
