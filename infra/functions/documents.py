"""The worker that renders albums and collages."""

from dataclasses import replace

from infra import attributes
from infra.access import FIND, READ, worker
from infra.declaration import Dispatch, FunctionSpec
from studio.settings.workers import DocumentsWorker

FUNCTION = FunctionSpec(
    name="documents",
    stack="jobs",
    handler="workers.documents.handler.handler",
    group="documents",
    settings=DocumentsWorker,
    timeout=900,
    memory=1769,  # one whole CPU
    concurrency="workers",  # it costs no points, and is work from beginning to end
    storage=4608,  # an album of 200 photos of 20 MB, as they come
    trigger=Dispatch(),
    access=replace(worker("documents", objects={"documents": (READ, FIND)}), changes={"Jobs": attributes.RENDER}),
)
