"""The fields of albums and collages."""

from infra.access import (
    CHECK,
    CREATE_PERSON,
    DELETE,
    ERASE,
    FIND,
    GET,
    GET_MANY,
    PUT,
    QUERY,
    READ,
    UPDATE,
    WRITE,
    Access,
)
from infra.cognito import LOOK_UP
from infra.declaration import Fields, FunctionSpec
from studio.settings.albums import AlbumsApi

FUNCTION = FunctionSpec(
    name="albums-api",
    stack="api",
    handler="resolvers.fields.albums.handler",
    group="api",
    settings=AlbumsApi,
    # Two hundred pictures are copied within one call; AppSync waits 30 s.
    timeout=29,
    memory=1024,
    trigger=Fields(
        "albums",
        (
            "Query.album",
            "Query.albums",
            "Query.collage",
            "Query.collages",
            "Query.collageTemplates",
            "Mutation.createAlbum",
            "Mutation.updateAlbum",
            "Mutation.deleteAlbum",
            "Mutation.renderAlbum",
            "Mutation.createCollage",
            "Mutation.updateCollage",
            "Mutation.deleteCollage",
            "Mutation.renderCollage",
            "Subscription.onAlbum",
            "Subscription.onCollage",
        ),
    ),
    access=Access(
        tables={
            **CREATE_PERSON,
            "Documents": (GET, GET_MANY, PUT, UPDATE, DELETE),
            "Photos": (QUERY, PUT, DELETE),
            "Jobs": (GET, GET_MANY, PUT, UPDATE, DELETE, CHECK),
            "Uploads": (GET_MANY,),
        },
        indexes={"Documents": ("byOwner",)},
        objects={
            "uploads": (READ, FIND),
            "results": (READ, FIND, ERASE),
            "resized": (READ, FIND, ERASE),
            "signed": (ERASE,),
            "inference/input": (ERASE,),
            "documents": (READ, FIND, WRITE, ERASE),
        },
    ),
    users=LOOK_UP,
)
