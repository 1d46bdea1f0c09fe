"""Which data source answers which root field."""

from collections.abc import Mapping

# "jobs", "people" and "media" are functions; "none" answers from the request itself.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "jobs": (
        "Query.models",
        "Query.quote",
        "Query.job",
        "Query.jobs",
        "Query.jobStatus",
        "Query.download",
        "Query.jobsByStatus",
        "Mutation.generateImages",
        "Mutation.editImage",
        "Mutation.syncCamera",
        "Mutation.transferTexture",
        "Mutation.cancelJob",
        "Mutation.retryJob",
        "Mutation.deleteJob",
        "Subscription.onJob",
    ),
    "people": (
        "Query.me",
        "Query.usage",
        "Query.pointsHistory",
        "Mutation.grantPoints",
    ),
    "media": ("Query.upload", "Mutation.createUpload"),
    "none": ("Mutation.publishJob",),
}
