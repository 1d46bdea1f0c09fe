"""Which data source answers which root field."""

from collections.abc import Mapping

# "jobs", "people", "media" and "payments" are functions; "none" answers from the request itself.
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
        "Mutation.setJobSharing",
        "Subscription.onJob",
    ),
    "people": (
        "Query.me",
        "Query.usage",
        "Query.pointsHistory",
        "Query.pointsHistoryOf",
        "Query.user",
        "Query.users",
        "Query.auditTrail",
        "Mutation.grantPoints",
        "Mutation.updateMe",
        "Mutation.deleteMe",
        "Mutation.setRole",
        "Mutation.setDisabled",
    ),
    "payments": (
        "Query.pointPackages",
        "Query.payment",
        "Query.payments",
        "Query.paymentsByStatus",
        "Query.paymentEvents",
        "Query.exchangeRate",
        "Mutation.createPayment",
        "Mutation.resolvePayment",
        "Mutation.setExchangeRate",
        "Subscription.onPayment",
    ),
    "media": ("Query.upload", "Mutation.createUpload"),
    "none": ("Mutation.publishJob", "Mutation.publishPayment"),
}
