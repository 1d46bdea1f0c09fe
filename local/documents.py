"""The GraphQL that the demo asks."""

from collections.abc import Mapping
from typing import Final

_IMAGE: Final = "{ url contentType width height byteSize expiresAt }"
_IMAGES: Final = f"{{ original {_IMAGE} large {_IMAGE} medium {_IMAGE} thumbnail {_IMAGE} }}"
_JOB: Final = f"""
  id kind model status version errorCode errorMessage
  charge {{ points freeImages refundedPoints refundedAt }}
  image {_IMAGES}
  history {{ note }}
"""

ME: Final = "query { me { id email points } }"
SET_ADMIN: Final = "mutation R($id: ID!) { setRole(userId: $id, role: ADMIN) { role } }"
MODELS: Final = "query { models { id state } }"
QUOTE: Final = "query Q($input: QuoteInput!) { quote(input: $input) { points freeImages affordable balanceAfter } }"
ON_JOB: Final = f"subscription J($owner: ID!) {{ onJob(owner: $owner) {{ {_JOB} owner }} }}"
HISTORY: Final = """
  query H($token: String) {
    pointsHistory(limit: 100, nextToken: $token) { items { points balance reason jobId note at } nextToken }
  }
"""
_PAYMENT: Final = "id status version points creditedPoints owedPoints balance payUrl amount { minor currency } owner"
CREATE_PAYMENT: Final = f"mutation P($input: CreatePaymentInput!) {{ createPayment(input: $input) {{ {_PAYMENT} }} }}"
ON_PAYMENT: Final = f"subscription P($owner: ID!) {{ onPayment(owner: $owner) {{ {_PAYMENT} }} }}"
CREATE_UPLOAD: Final = (
    "mutation U($input: CreateUploadInput!) { createUpload(input: $input) { id url fields { name value } } }"
)
UPLOAD: Final = f"query U($id: ID!) {{ upload(id: $id) {{ ready rejected image {_IMAGES} }} }}"

_BOOTH: Final = "id name status errorMessage"
_COLLAGE: Final = f"{_BOOTH} preview {_IMAGE} output {{ original {_IMAGE} }}"
_ALBUM: Final = f"{_BOOTH} imageCount pdf {{ url }}"
CREATE_COLLAGE: Final = "mutation C($input: CollageInput!) { createCollage(input: $input) { id } }"
RENDER_COLLAGE: Final = "mutation C($id: ID!) { renderCollage(id: $id) { id } }"
COLLAGE: Final = f"query C($id: ID!) {{ collage(id: $id) {{ {_COLLAGE} }} }}"
ON_COLLAGE: Final = f"subscription C($customer: ID!) {{ onCollage(customer: $customer) {{ {_COLLAGE} customer }} }}"
CREATE_ALBUM: Final = "mutation A($input: AlbumInput!) { createAlbum(input: $input) { id } }"
RENDER_ALBUM: Final = "mutation A($id: ID!, $product: PdfProduct!) { renderAlbum(id: $id, product: $product) { id } }"
ALBUM: Final = f"query A($id: ID!) {{ album(id: $id) {{ {_ALBUM} }} }}"
ON_ALBUM: Final = f"subscription A($customer: ID!) {{ onAlbum(customer: $customer) {{ {_ALBUM} customer }} }}"

_MONEY: Final = "{ minor currency }"
_ORDER: Final = f"""
  id customer status version errorMessage totalPrice {_MONEY}
  steps {{ kind }}
  parcels {{ carrier trackingNumber }}
"""
QUOTE_ORDER: Final = f"""
  query Q($input: OrderQuoteInput!) {{
    quoteOrder(input: $input) {{
      id shipping {_MONEY} totalPrice {_MONEY}
      items {{ kind albumId quantity pages unitPrice {_MONEY} }}
      warnings {{ page dpi message }}
    }}
  }}
"""
CREATE_ORDER: Final = f"mutation O($input: CreateOrderInput!) {{ createOrder(input: $input) {{ {_ORDER} }} }}"
ORDER_FILES: Final = "query O($id: ID!) { order(id: $id) { downloads { url } } }"
ON_ORDER: Final = f"subscription O($customer: ID!) {{ onOrder(customer: $customer) {{ {_ORDER} }} }}"


def _asking(field: str, input_type: str) -> str:
    return f"mutation M($input: {input_type}!) {{ {field}(input: $input) {{ {_JOB} }} }}"


GENERATE: Final = _asking("generateImages", "GenerateImagesInput")
# What makes or changes images, by its field.
MAKERS: Final[Mapping[str, str]] = {
    "generateImages": GENERATE,
    "editImage": _asking("editImage", "EditImageInput"),
    "syncCamera": _asking("syncCamera", "SyncCameraInput"),
    "transferTexture": _asking("transferTexture", "TransferTextureInput"),
    "upscaleImage": _asking("upscaleImage", "TransformImageInput"),
    "removeBackground": _asking("removeBackground", "TransformImageInput"),
    "varyImage": _asking("varyImage", "TransformImageInput"),
}
