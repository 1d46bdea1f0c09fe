"""Looks at every new image, and makes its smaller sizes."""

from infra import attributes
from infra.access import DELETE, ERASE, FIND, GET, PUT, READ, READ_TAGS, TAG, UPDATE, WRITE, Access
from infra.declaration import FunctionSpec, ObjectsCreated
from studio.settings.media import Resizer

FUNCTION = FunctionSpec(
    name="resizer",
    stack="jobs",
    handler="workers.resizer.handler",
    group="images",
    settings=Resizer,
    timeout=120,
    memory=2048,  # one whole CPU; the largest image allowed has 50 megapixels, of four bytes each at most
    # Beside an upload or a result S3 reports everything: the smaller sizes would wake it again.
    trigger=ObjectsCreated(prefixes=("incoming/", "results/")),
    access=Access(
        tables={
            "Jobs": (GET, UPDATE),
            "Uploads": (GET, UPDATE),
            "Documents": (GET, UPDATE),
            "Photos": (PUT, DELETE),
            "Fingerprints": (PUT,),
        },
        objects={
            "incoming": (READ, FIND, ERASE),
            "uploads": (READ, FIND, WRITE, ERASE),
            "results": (READ, FIND, READ_TAGS),
            "resized": (READ, FIND, WRITE, TAG, ERASE),
            "documents": (FIND, WRITE, ERASE),
            "quarantine": (WRITE,),
        },
        changes={"Jobs": attributes.RESIZE, "Documents": attributes.ARRIVE},
    ),
    invokes=("credentials-check",),
)
