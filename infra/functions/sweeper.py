"""The sweeper of jobs: finishes what was left behind."""

from infra import attributes
from infra.access import DELETE, END, ERASE, FIND, GET, GET_MANY, QUERY, UPDATE, Access
from infra.declaration import EVERY_WORKER, FunctionSpec, Schedule
from studio.settings.jobs import Sweeper

FUNCTION = FunctionSpec(
    name="sweeper",
    stack="jobs",
    handler="resolvers.timers.sweeper.handler",
    group="api",
    settings=Sweeper,
    timeout=55,  # shorter than its schedule's minute, so that two sweeps do not overlap
    trigger=Schedule(),
    access=Access(
        tables={
            "Jobs": (GET, GET_MANY, UPDATE, DELETE),
            "Documents": (GET_MANY, UPDATE, DELETE),
            "Photos": (QUERY, DELETE),
            **END,
        },
        indexes={"Jobs": ("open", "byStatus"), "Documents": ("open",)},
        objects={
            **dict.fromkeys(("results", "resized", "signed", "inference/input"), (ERASE,)),
            "documents": (FIND, ERASE),
        },
        changes={"Jobs": attributes.SWEEP, "People": attributes.CREDIT},
    ),
    invokes=(EVERY_WORKER,),
)
