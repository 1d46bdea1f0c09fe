"""The fields of uploads."""

from infra.access import CHECK, GET, GET_MANY, PUT, READ, UPDATE, WRITE, Access
from infra.declaration import Fields, FunctionSpec
from studio.settings import MediaApi

FUNCTION = FunctionSpec(
    name="media-api",
    stack="api",
    handler="resolvers.fields.media.handler",
    group="api",
    settings=MediaApi,
    timeout=10,
    trigger=Fields("media", ("Query.upload", "Mutation.createUpload")),
    # A form and a link hold the rights of who signed them.
    access=Access(
        tables={"Uploads": (GET_MANY, PUT, UPDATE, CHECK), "People": (GET,)},
        objects={"incoming": (WRITE,), "uploads": (READ,), "resized": (READ,)},
    ),
)
