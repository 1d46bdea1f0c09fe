"""What the tests of generation ask the API, and one short way to ask it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from local.client import Answer, Person
from tests.stack.client import PATIENCE_SECONDS, StackClient

_IMAGE: Final = "{ url contentType width height byteSize }"
_IMAGES: Final = f"{{ original {_IMAGE} large {_IMAGE} medium {_IMAGE} thumbnail {_IMAGE} }}"
_JOB: Final = f"""
  id owner kind model prompt status version progress errorCode errorMessage requestId createdAt updatedAt
  charge {{ points freeImages refundedPoints refundedFreeImages refundedAt }}
  image {_IMAGES} shared
  history {{ version status at note }}
"""
_PAYMENT: Final = """
  id owner provider status version points creditedPoints owedPoints balance amount { minor currency }
  reviewReason payUrl createdAt updatedAt expiresAt paidAt
"""
_VIEW: Final = "id status version progress errorCode errorMessage image { original { url width height } } updatedAt"

DOCUMENTS: Final = {
    "generateImages": f"mutation M($input: GenerateImagesInput!) {{ generateImages(input: $input) {{ {_JOB} }} }}",
    "editImage": f"mutation M($input: EditImageInput!) {{ editImage(input: $input) {{ {_JOB} }} }}",
    "syncCamera": f"mutation M($input: SyncCameraInput!) {{ syncCamera(input: $input) {{ {_JOB} }} }}",
    "transferTexture": f"mutation M($input: TransferTextureInput!) {{ transferTexture(input: $input) {{ {_JOB} }} }}",
    "createUpload": (
        "mutation M($input: CreateUploadInput!) { createUpload(input: $input)"
        " { id url fields { name value } key expiresAt maxBytes } }"
    ),
    "retryJob": f"mutation M($id: ID!, $key: ID!) {{ retryJob(id: $id, clientRequestId: $key) {{ {_JOB} }} }}",
    "cancelJob": f"mutation M($id: ID!) {{ cancelJob(id: $id) {{ {_JOB} }} }}",
    "setJobSharing": (
        f"mutation M($id: ID!, $shared: Boolean!) {{ setJobSharing(id: $id, shared: $shared) {{ {_JOB} }} }}"
    ),
    "deleteJob": "mutation M($id: ID!) { deleteJob(id: $id) }",
    "grantPoints": "mutation M($input: GrantPointsInput!) { grantPoints(input: $input) { id points } }",
    "job": f"query Q($id: ID!) {{ job(id: $id) {{ {_JOB} }} }}",
    "jobs": (
        "query Q($filter: JobFilter, $limit: Int, $nextToken: String)"
        f" {{ jobs(filter: $filter, limit: $limit, nextToken: $nextToken) {{ items {{ {_JOB} }} nextToken }} }}"
    ),
    "jobStatus": f"query Q($id: ID!) {{ jobStatus(id: $id) {{ {_VIEW} }} }}",
    "download": "query Q($id: ID!) { download(jobId: $id) { url expiresAt } }",
    "upload": f"query Q($id: ID!) {{ upload(id: $id) {{ id ready rejected image {_IMAGES} }} }}",
    "usage": "query Q { usage { images freeImages points byModel { model images freeImages freeLeft } } }",
    "quote": ("query Q($input: QuoteInput!) { quote(input: $input) { points freeImages affordable balanceAfter } }"),
    "pointsHistory": (
        "query Q($limit: Int, $nextToken: String) { pointsHistory(limit: $limit, nextToken: $nextToken)"
        " { items { id points balance reason jobId paymentId } nextToken } }"
    ),
    "createPayment": f"mutation M($input: CreatePaymentInput!) {{ createPayment(input: $input) {{ {_PAYMENT} }} }}",
    "payment": f"query Q($id: ID!) {{ payment(id: $id) {{ {_PAYMENT} }} }}",
    "paymentEvents": (
        "query Q($paymentId: ID) { paymentEvents(paymentId: $paymentId) { items { id type state outcome } } }"
    ),
    "resolvePayment": (
        "mutation M($id: ID!, $decision: PaymentDecision!, $note: String!)"
        f" {{ resolvePayment(id: $id, decision: $decision, note: $note) {{ {_PAYMENT} }} }}"
    ),
}
ON_JOB: Final = f"subscription S($owner: ID!) {{ onJob(owner: $owner) {{ {_JOB} }} }}"
ON_PAYMENT: Final = f"subscription S($owner: ID!) {{ onPayment(owner: $owner) {{ {_PAYMENT} }} }}"


async def ask(client: StackClient, as_: str | Person, field: str, **variables: Any) -> Answer:
    """Ask one root field."""
    return await client.graphql(DOCUMENTS[field], variables, as_)


async def get(client: StackClient, as_: str | Person, field: str, **variables: Any) -> Any:
    """Ask one root field and return what it answers; the test fails where there are errors."""
    return (await ask(client, as_, field, **variables)).data[field]


async def generate(client: StackClient, person: Person, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    return await get(client, person, "generateImages", input=dict(wanted))


async def until(check: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Look again and again until it is so; for what no event tells of."""
    async with asyncio.timeout(seconds):
        while not check():  # noqa: ASYNC110 - what is looked at has no events
            await asyncio.sleep(0.05)
