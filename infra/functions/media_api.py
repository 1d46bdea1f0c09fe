"""The fields of uploads, and the links to files whose keys another function brings."""

from infra.access import CHECK, DELETE, ERASE, GET, GET_MANY, PUT, QUERY, UPDATE, WRITE, Access
from infra.declaration import Fields, FunctionSpec
from studio.settings.media import MediaApi

FUNCTION = FunctionSpec(
    name="media-api",
    stack="api",
    handler="resolvers.fields.media.handler",
    group="api",
    settings=MediaApi,
    timeout=10,
    trigger=Fields(
        "media",
        (
            *("Query.upload", "Query.uploads", "Query.verifyImage"),
            *("Mutation.createUpload", "Mutation.deleteUpload", "Subscription.onUpload", "Order.downloads"),
        ),
    ),
    # A form holds the rights of who signed it.
    access=Access(
        tables={
            "Uploads": (GET_MANY, PUT, UPDATE, DELETE, CHECK),
            "People": (GET,),
            "Documents": (UPDATE,),
            "Fingerprints": (QUERY,),
            "Jobs": (GET_MANY,),
        },
        indexes={"Uploads": ("byOwner",)},
        objects={"incoming": (WRITE, ERASE), **dict.fromkeys(("uploads", "quarantine", "resized"), (ERASE,))},
    ),
)
