"""The fields of jobs: what can be made, what it costs, asking for it, and what became of it."""

from infra.access import CHECK, CREATE_PERSON, DELETE, ERASE, FIND, GET, GET_MANY, PUT, READ, UPDATE, Access
from infra.cognito import LOOK_UP
from infra.declaration import Fields, FunctionSpec
from studio.settings.jobs import JobsApi

FUNCTION = FunctionSpec(
    name="jobs-api",
    stack="api",
    handler="resolvers.fields.jobs.handler",
    group="api",
    settings=JobsApi,
    # AppSync waits 30 s for a resolver; a little less lets the function answer for itself.
    timeout=29,
    trigger=Fields(
        "jobs",
        (
            "Query.models",
            "Query.quote",
            "Query.job",
            "Query.jobs",
            "Query.jobStatus",
            "Query.download",
            "Query.moreLike",
            "Query.jobsByStatus",
            "Mutation.generateImages",
            "Mutation.editImage",
            "Mutation.syncCamera",
            "Mutation.transferTexture",
            "Mutation.upscaleImage",
            "Mutation.removeBackground",
            "Mutation.varyImage",
            "Mutation.cancelJob",
            "Mutation.cancelRequest",
            "Mutation.retryJob",
            "Mutation.deleteJob",
            "Mutation.deleteJobs",
            "Mutation.setJobSharing",
            "Mutation.updateJob",
            "Subscription.onJob",
            "Subscription.onJobDeleted",
        ),
    ),
    access=Access(
        tables={
            **CREATE_PERSON,
            "Jobs": (GET, GET_MANY, PUT, UPDATE, DELETE, CHECK),
            "Ledger": (GET, PUT, CHECK),
            "Requests": (GET, PUT, UPDATE),
            "Usage": (GET_MANY, PUT, UPDATE),
            "Uploads": (GET_MANY,),
        },
        indexes={"Jobs": ("byOwner", "byChange", "byStatus")},
        objects={
            **dict.fromkeys(("results", "resized", "inference/input"), (ERASE,)),
            "signed": (READ, FIND, ERASE),
        },
    ),
    users=LOOK_UP,
    invokes=("credentials",),
)
