"""The sweeper of jobs: finishes what was left behind."""

from infra import attributes
from infra.access import DELETE, END, ERASE, GET, GET_MANY, UPDATE, Access
from infra.declaration import EVERY_WORKER, FunctionSpec, Schedule
from studio.settings import Sweeper

FUNCTION = FunctionSpec(
    name="sweeper",
    stack="jobs",
    handler="resolvers.timers.sweeper.handler",
    group="api",
    settings=Sweeper,
    timeout=55,  # shorter than its schedule's minute, so that two sweeps do not overlap
    trigger=Schedule(),
    access=Access(
        tables={"Jobs": (GET, GET_MANY, UPDATE, DELETE), **END},
        indexes={"Jobs": ("open", "byStatus")},
        objects=dict.fromkeys(("results", "resized", "inference/input"), (ERASE,)),
        changes={"Jobs": attributes.SWEEP, "People": attributes.CREDIT},
    ),
    invokes=(EVERY_WORKER,),
)
