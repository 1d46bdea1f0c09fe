"""The mutations that publish: a subscriber gets of its selection what they select, hence every field."""

_SIZES = "{ original { ...f } large { ...f } medium { ...f } thumbnail { ...f } }"
_IMAGE = " fragment f on Image { url contentType width height byteSize expiresAt }"


def _mutation(field: str, argument: str, selection: str) -> str:
    """Return the document; what is published is its variable `it`."""
    text = f"mutation Publish($it: AWSJSON!) {{ {field}({argument}: $it) {{ {' '.join(selection.split())} }} }}"
    return text + _IMAGE if "...f" in text else text


JOB = _mutation(
    "publishJob",
    "job",
    f"""
id owner kind model prompt status version progress errorCode errorMessage requestId index
createdAt updatedAt startedAt endedAt expiresAt
input {{
size aspectRatio seed negativePrompt references image mask texture mode
outpaint {{ left top right bottom }} camera {{ yaw pitch zoom }}
}}
charge {{ points freeImages refundedPoints refundedFreeImages refundedAt }}
image {_SIZES}
link {{ projectId boardId workflowId }} shared favorite tags
history {{ version status at note }}
""",
)
JOB_DELETED = _mutation("publishJobDeleted", "job", "id owner")
PAYMENT = _mutation(
    "publishPayment",
    "payment",
    """
id owner provider status version packageId orderId points creditedPoints owedPoints balance
amount { minor currency } worth { minor currency } failedRefund { minor currency }
refundStatus reviewReason payUrl createdAt updatedAt expiresAt paidAt
""",
)
ALBUM = _mutation(
    "publishAlbum",
    "album",
    """
id customer name description layout status imageCount photos { id caption focalX focalY }
pdf { url expiresAt } errorMessage createdAt updatedAt
""",
)
COLLAGE = _mutation(
    "publishCollage",
    "collage",
    f"""
id customer name template status sources caption background errorMessage createdAt updatedAt
photos {{ id caption focalX focalY image {_SIZES} }}
preview {{ ...f }} output {_SIZES}
""",
)
ORDER = _mutation(
    "publishOrder",
    "order",
    """
id customer status version totalPrice { minor currency } shipping { minor currency }
items {
kind albumId collageId quantity unitPrice { minor currency } product pages pricePerTwoPages { minor currency }
}
address { name line1 line2 city region postalCode countryCode phone }
steps { kind at note } parcels { carrier trackingNumber trackingUrl shippedAt }
actions downloads { url expiresAt } errorMessage expiresAt createdAt updatedAt
""",
)
SHUT_OUT = _mutation("publishShutOut", "person", "owner")
USER = _mutation(
    "publishUser", "user", f"id version email name language mailing avatar {_SIZES} role points disabled createdAt"
)
UPLOAD = _mutation(
    "publishUpload",
    "upload",
    f"id owner ready rejected rejectedCode deleted image {_SIZES} purpose createdAt expiresAt",
)
