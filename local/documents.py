"""The GraphQL that the demo asks."""

from typing import Final

_JOB: Final = """
  id status version errorCode errorMessage
  charge { points freeImages refundedPoints refundedAt }
  image { original { url contentType width height byteSize } }
"""

ME: Final = "query { me { id email points } }"
QUOTE: Final = "query Q($input: QuoteInput!) { quote(input: $input) { points freeImages affordable balanceAfter } }"
GENERATE: Final = "mutation G($input: GenerateImagesInput!) { generateImages(input: $input) {" + _JOB + "} }"
ON_JOB: Final = "subscription J($owner: ID!) { onJob(owner: $owner) {" + _JOB + " owner } }"
HISTORY: Final = "query { pointsHistory { items { points balance reason note at } } }"
