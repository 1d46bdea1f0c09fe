"""Tells subscribers of every change of a job or a payment."""

from infra.access import Access
from infra.declaration import FunctionSpec, Streams
from studio.settings import Publish

FUNCTION = FunctionSpec(
    name="publish",
    stack="jobs",
    handler="resolvers.streams.publish.handler",
    group="api",
    settings=Publish,
    timeout=30,
    # Telling late is worth little, and whoever was away asks for the job or the payment.
    trigger=Streams(
        ("Jobs", "Payments"), "LATEST", ({"eventName": ["INSERT", "MODIFY"]},), batch=10, retries=5, max_age=300
    ),
    access=Access(links=("results", "resized")),
    publishes=("Mutation.publishJob", "Mutation.publishPayment"),
)
