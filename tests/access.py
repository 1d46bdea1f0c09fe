"""Who may call which root field, on an object that belongs to USER: one decision for every field and caller.

Adding a root field without a row here fails tests/unit/schema/test_access.py; tests/stack/test_ownership.py asks
the running stack every one of these questions.
"""

from dataclasses import dataclass
from enum import StrEnum


class Caller(StrEnum):
    NOBODY = "no credentials"
    KEY = "API key"
    GUEST = "guest of the identity pool"
    USER = "user"
    OTHER = "other user"
    ADMIN = "admin"
    IAM = "IAM"


class Answer(StrEnum):
    DATA = "data"
    NULL = "null, as if there were no such object"
    REFUSED = "refused by the studio: UNAUTHORIZED"
    UNKNOWN = "refused by the studio, as if there were no such picture: UPLOAD_UNKNOWN"
    NO_JOB = "refused by the studio, as if there were no such job: JOB_UNKNOWN"
    NO_DOCUMENT = "refused by the studio, as if there were no such album: DOCUMENT_UNKNOWN"
    FORBIDDEN = "refused by AppSync: Unauthorized"
    TURNED_AWAY = "401"


@dataclass(frozen=True)
class Decision:
    key: Answer
    user: Answer
    other: Answer
    admin: Answer
    iam: Answer

    def of(self, caller: Caller) -> Answer:
        if caller is Caller.NOBODY:
            return Answer.TURNED_AWAY
        if caller is Caller.GUEST:  # what the key may ask; anything else IAM refuses, before the schema is asked
            return self.key if self.key is Answer.DATA else Answer.TURNED_AWAY
        return {
            Caller.KEY: self.key,
            Caller.USER: self.user,
            Caller.OTHER: self.other,
            Caller.ADMIN: self.admin,
            Caller.IAM: self.iam,
        }[caller]


def signed_in(other: Answer = Answer.DATA, admin: Answer = Answer.DATA) -> Decision:
    return Decision(Answer.FORBIDDEN, Answer.DATA, other, admin, Answer.FORBIDDEN)


PUBLIC = Decision(Answer.DATA, Answer.DATA, Answer.DATA, Answer.DATA, Answer.DATA)
OWN_DATA = signed_in()
OWNER_OR_ADMIN = signed_in(other=Answer.NULL)
OWNER = signed_in(other=Answer.NULL, admin=Answer.NULL)
OWN_PICTURES = signed_in(other=Answer.UNKNOWN, admin=Answer.UNKNOWN)
OWN_DOCUMENTS = signed_in(other=Answer.NO_DOCUMENT, admin=Answer.NO_DOCUMENT)
OWN_JOB = signed_in(other=Answer.NO_JOB, admin=Answer.NO_JOB)
OWN_NAME = signed_in(other=Answer.REFUSED, admin=Answer.REFUSED)
ADMIN = Decision(Answer.FORBIDDEN, Answer.FORBIDDEN, Answer.FORBIDDEN, Answer.DATA, Answer.FORBIDDEN)
SYSTEM = Decision(Answer.FORBIDDEN, Answer.FORBIDDEN, Answer.FORBIDDEN, Answer.FORBIDDEN, Answer.DATA)

DECISIONS: dict[str, Decision] = {
    "Query.models": PUBLIC,
    "Query.quote": OWN_DATA,
    "Query.job": OWNER_OR_ADMIN,
    "Query.jobs": OWN_DATA,
    "Query.jobStatus": PUBLIC,
    "Query.download": PUBLIC,
    "Query.verifyImage": PUBLIC,
    "Query.moreLike": OWN_JOB,
    "Query.upload": OWNER,
    "Query.uploads": OWN_DATA,
    "Query.album": OWNER,
    "Query.albums": OWN_DATA,
    "Query.collage": OWNER,
    "Query.collages": OWN_DATA,
    "Mutation.createAlbum": OWN_PICTURES,
    "Mutation.updateAlbum": OWNER,
    "Mutation.deleteAlbum": OWNER,
    "Mutation.renderAlbum": OWNER,
    "Mutation.createCollage": OWN_PICTURES,
    "Mutation.updateCollage": OWNER,
    "Mutation.deleteCollage": OWNER,
    "Mutation.renderCollage": OWNER,
    "Query.me": OWN_DATA,
    "Query.usage": OWN_DATA,
    "Query.pointsHistory": OWN_DATA,
    "Query.jobsByStatus": ADMIN,
    "Mutation.generateImages": OWN_DATA,
    "Mutation.editImage": OWN_PICTURES,
    "Mutation.syncCamera": OWN_PICTURES,
    "Mutation.transferTexture": OWN_PICTURES,
    "Mutation.upscaleImage": OWN_PICTURES,
    "Mutation.removeBackground": OWN_PICTURES,
    "Mutation.varyImage": OWN_PICTURES,
    "Mutation.createUpload": OWN_DATA,
    "Mutation.deleteUpload": OWNER,
    "Mutation.cancelJob": OWNER,
    "Mutation.cancelRequest": OWN_DATA,  # of others none: a clientRequestId is its owner's
    "Mutation.deleteJobs": OWN_DATA,  # others' are left out
    "Mutation.retryJob": OWNER,
    "Mutation.deleteJob": OWNER,
    "Mutation.setJobSharing": OWNER,
    "Mutation.updateJob": OWNER,
    "Query.user": ADMIN,
    "Query.users": ADMIN,
    "Query.auditTrail": ADMIN,
    "Query.pointsHistoryOf": ADMIN,
    "Query.pointPackages": PUBLIC,
    "Query.exchangeRate": PUBLIC,
    "Query.payment": OWNER_OR_ADMIN,
    "Query.payments": OWN_DATA,
    "Query.paymentsByStatus": ADMIN,
    "Query.paymentEvents": ADMIN,
    "Query.priceList": PUBLIC,
    "Query.quoteOrder": OWN_DOCUMENTS,
    "Query.collageTemplates": PUBLIC,
    "Mutation.createOrder": OWN_DOCUMENTS,
    "Query.order": OWNER_OR_ADMIN,
    "Query.orders": OWN_DATA,
    "Query.ordersByStatus": ADMIN,
    "Query.orderStatus": PUBLIC,
    "Mutation.cancelOrder": OWNER,
    "Mutation.changeOrderAddress": OWNER,
    "Mutation.processOrder": OWNER,
    "Mutation.updateOrderStatus": ADMIN,
    "Mutation.grantPoints": ADMIN,
    "Mutation.updateMe": OWN_DATA,
    "Mutation.deleteMe": OWN_DATA,
    "Mutation.setRole": ADMIN,
    "Mutation.setDisabled": ADMIN,
    "Mutation.createPayment": OWN_DATA,
    "Mutation.cancelPayment": OWNER,
    "Mutation.resolvePayment": ADMIN,
    "Mutation.refundPayment": ADMIN,
    "Mutation.setExchangeRate": ADMIN,
    "Mutation.publishJob": SYSTEM,
    "Mutation.publishJobDeleted": SYSTEM,
    "Mutation.publishShutOut": SYSTEM,
    "Mutation.publishUser": SYSTEM,
    "Mutation.publishUpload": SYSTEM,
    "Mutation.publishPayment": SYSTEM,
    "Mutation.publishAlbum": SYSTEM,
    "Mutation.publishCollage": SYSTEM,
    "Mutation.publishOrder": SYSTEM,
    "Subscription.onJob": OWN_NAME,
    "Subscription.onJobDeleted": OWN_NAME,
    "Subscription.onMe": OWN_NAME,
    "Subscription.onUpload": OWN_NAME,
    "Subscription.onPayment": OWN_NAME,
    "Subscription.onAlbum": OWN_NAME,
    "Subscription.onCollage": OWN_NAME,
    "Subscription.onOrder": OWN_NAME,
}
