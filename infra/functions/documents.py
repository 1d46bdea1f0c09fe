"""The worker that renders albums and collages."""

from dataclasses import replace

from infra import attributes
from infra.access import FIND, READ, worker
from infra.declaration import Dispatch, FunctionSpec
from studio.settings import DocumentsWorker

FUNCTION = FunctionSpec(
    name="documents",
    stack="jobs",
    handler="workers.documents.handler.handler",
    group="documents",
    settings=DocumentsWorker,
    timeout=900,
    memory=1769,  # one whole CPU
    storage=4096,  # four albums of 200 photos at a time, as they come
    trigger=Dispatch(),
    access=replace(worker("documents", objects={"documents": (READ, FIND)}), changes={"Jobs": attributes.RENDER}),
)
