"""Gives what is downloaded its content credentials, when somebody downloads it."""

from infra.access import ERASE, FIND, GET, READ, TAG, WRITE, Access
from infra.declaration import Calls, FunctionSpec
from studio.settings.media import Credentials

FUNCTION = FunctionSpec(
    name="credentials",
    stack="jobs",
    handler="workers.credentials.sign.handler",
    group="credentials",
    settings=Credentials,
    timeout=20,  # who calls it has 29 s, and goes on without
    memory=2048,  # one whole CPU; a label is drawn into up to 50 megapixels
    concurrency="workers",  # anybody who holds a job's id may set it off
    trigger=Calls(),
    access=Access(
        tables={"Jobs": (GET,)},
        objects={
            **dict.fromkeys(("uploads", "results", "resized"), (READ, FIND)),
            "signed": (READ, FIND, WRITE, TAG, ERASE),
        },
    ),
)
