"""Links images to boards in Firestore."""

from infra.access import GET, Access
from infra.declaration import FunctionSpec, QueueMessages, Variables
from infra.stages import Stage
from studio.settings.jobs import Boards


def _variables(stage: Stage) -> Variables:
    return {"FIRESTORE_EMULATOR_HOST": stage.machine.firestore_host} if stage.machine else {}


FUNCTION = FunctionSpec(
    name="boards",
    stack="jobs",
    handler="resolvers.streams.boards.handler",
    group="boards",
    settings=Boards,
    timeout=30,
    trigger=QueueMessages("BOARDS_QUEUE", batch=10, concurrency=5),
    access=Access(tables={"Jobs": (GET,), "Uploads": (GET,)}),
    variables=_variables,
)
