"""What each function's role may do, as one table that the templates are held against."""

from infra.declaration import Asynchronous, Streams
from infra.functions import WORKER_SPECS, declared
from workers.providers.stability import CUT_OUT, ERASE, INPAINT, OUTPAINT, STRUCTURE, UPSCALE

EDITORS = (INPAINT, ERASE, OUTPAINT, UPSCALE, CUT_OUT, STRUCTURE)
UPSCALERS = ("us.stability.stable-conservative-upscale-v1:0", "us.stability.stable-creative-upscale-v1:0")
PROFILES = (*EDITORS, *UPSCALERS)
GENERATORS = ("stable-image-core-v1:1", "sd3-5-large-v1:0", "stable-image-ultra-v1:1")
# What each function may do on which table (or index) or bucket prefix, and nothing beside it.
WORKER: dict[str, set[str]] = {"Jobs": {"GetItem", "BatchGetItem", "UpdateItem"}}
INPUTS = {f"{prefix}/": {"GetObject", "ListBucket"} for prefix in ("uploads", "results", "resized")}


def own_results(worker: str) -> dict[str, set[str]]:
    """Return the rights of a worker below its own name."""
    own = {"GetObject", "ListBucket", "PutObject", "PutObjectTagging", "DeleteObject"}
    return {f"results/{worker}/": own, f"resized/{worker}/": {"DeleteObject"}}


DATA: dict[str, dict[str, set[str]]] = {
    "jobs-api": {
        "Jobs": {"GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"},
        "Jobs/index/byOwner": {"Query"},
        "Jobs/index/byChange": {"Query"},
        "Jobs/index/byStatus": {"Query"},
        "People": {"GetItem", "PutItem", "UpdateItem"},
        "Ledger": {"GetItem", "PutItem", "ConditionCheckItem"},
        "Requests": {"GetItem", "PutItem", "UpdateItem"},
        "Usage": {"BatchGetItem", "PutItem", "UpdateItem"},
        "Addresses": {"BatchGetItem", "PutItem", "UpdateItem", "ConditionCheckItem"},
        "Uploads": {"BatchGetItem"},
        "results/": {"DeleteObject"},
        "resized/": {"DeleteObject"},
        "signed/": {"GetObject", "ListBucket", "DeleteObject"},
        "inference/input/": {"DeleteObject"},
    },
    "people-api": {
        "People": {"GetItem", "BatchGetItem", "PutItem", "UpdateItem", "ConditionCheckItem"},
        "People/index/EmailIndex": {"Query"},
        "People/index/everybody": {"Query"},
        "Audit": {"BatchGetItem", "Query", "PutItem"},
        "Audit/index/bySubject": {"Query"},
        "Ledger": {"PutItem"},
        "Ledger/index/byTime": {"Query"},
        "Requests": {"PutItem"},
        "Usage": {"BatchGetItem", "PutItem", "ConditionCheckItem"},
        "Addresses": {"BatchGetItem", "PutItem", "UpdateItem", "ConditionCheckItem"},
        "Uploads": {"BatchGetItem"},
        "uploads/": {"GetObject", "ListBucket"},
        "resized/": {"GetObject", "ListBucket"},
        "avatars/": {"PutObject", "DeleteObject"},
    },
    "albums-api": {
        "Documents": {"GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"},
        "Documents/index/byOwner": {"Query"},
        "Photos": {"Query", "PutItem", "DeleteItem"},
        "Jobs": {"GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"},
        "Uploads": {"BatchGetItem"},
        "People": {"GetItem", "PutItem", "UpdateItem"},
        "Ledger": {"PutItem"},
        "Usage": {"BatchGetItem", "PutItem"},
        "Addresses": {"BatchGetItem", "PutItem", "UpdateItem", "ConditionCheckItem"},
        "uploads/": {"GetObject", "ListBucket"},
        "results/": {"GetObject", "ListBucket", "DeleteObject"},
        "resized/": {"GetObject", "ListBucket", "DeleteObject"},
        "signed/": {"DeleteObject"},
        "inference/input/": {"DeleteObject"},
        "documents/": {"GetObject", "ListBucket", "PutObject", "DeleteObject"},
    },
    "orders-api": {
        "People": {"GetItem", "UpdateItem", "ConditionCheckItem"},
        "Documents": {"GetItem"},
        "Photos": {"Query"},
        "Quotes": {"GetItem", "PutItem"},
        "Requests": {"GetItem", "PutItem"},
        "Orders": {"GetItem", "BatchGetItem", "PutItem", "UpdateItem"},
        "OrderDocuments": {"PutItem"},
        "PrintOrders": {"UpdateItem"},
        "Orders/index/byCustomer": {"Query"},
        "Orders/index/byCustomerStatus": {"Query"},
        "Orders/index/byStatus": {"Query"},
        "Jobs": {"BatchGetItem"},
        "Payments": {"GetItem", "UpdateItem"},
        "Audit": {"PutItem"},
    },
    "media-api": {
        "Documents": {"UpdateItem"},
        "Uploads/index/byOwner": {"Query"},
        "Uploads": {"BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"},
        "People": {"GetItem"},
        "incoming/": {"PutObject", "DeleteObject"},
        "uploads/": {"DeleteObject"},
        "quarantine/": {"DeleteObject"},
        "resized/": {"DeleteObject"},
        "Fingerprints": {"Query"},
        "Jobs": {"BatchGetItem"},
    },
    "payments-api": {
        "Payments": {"GetItem", "BatchGetItem", "PutItem", "UpdateItem"},
        "Payments/index/byOwner": {"Query"},
        "Payments/index/byStatus": {"Query"},
        "PaymentEvents": {"BatchGetItem"},
        "PaymentEvents/index/byPayment": {"Query"},
        "PaymentEvents/index/open": {"Query"},
        "People": {"GetItem", "PutItem", "UpdateItem", "ConditionCheckItem"},
        "Ledger": {"PutItem"},
        "Requests": {"GetItem", "PutItem"},
        "Rates": {"GetItem", "UpdateItem"},
        "Orders": {"GetItem", "UpdateItem"},
        "Audit": {"PutItem"},
        "Usage": {"BatchGetItem", "PutItem"},
        "Addresses": {"BatchGetItem", "PutItem", "UpdateItem", "ConditionCheckItem"},
    },
    "webhooks": {
        "Payments": {"GetItem", "UpdateItem"},
        "PaymentEvents": {"PutItem", "UpdateItem"},
        "People": {"GetItem", "UpdateItem"},
        "Ledger": {"PutItem"},
        "Orders": {"GetItem", "UpdateItem"},
        "Audit": {"PutItem"},
    },
    "payments-reconciler": {
        "Payments": {"GetItem", "BatchGetItem", "UpdateItem"},
        "Payments/index/open": {"Query"},
        "PaymentEvents": {"BatchGetItem", "PutItem", "UpdateItem"},
        "PaymentEvents/index/open": {"Query"},
        "People": {"GetItem", "UpdateItem"},
        "Ledger": {"PutItem"},
        "Orders": {"GetItem", "UpdateItem"},
        "Audit": {"PutItem"},
    },
    "sign-up": {
        "People": {"GetItem", "PutItem", "UpdateItem"},
        "Ledger": {"PutItem"},
        "Usage": {"BatchGetItem", "PutItem"},
        "Addresses": {"BatchGetItem", "PutItem", "UpdateItem", "ConditionCheckItem"},
    },
    "accounts-reconciler": {
        "Jobs": {"GetItem", "UpdateItem", "DeleteItem"},
        "Jobs/index/byOwner": {"Query"},
        "Uploads": {"GetItem", "UpdateItem", "DeleteItem"},
        "Uploads/index/byOwner": {"Query"},
        "People": {"GetItem", "BatchGetItem", "UpdateItem"},
        "People/index/unsettled": {"Query"},
        "Ledger": {"GetItem", "PutItem", "ConditionCheckItem"},
        "Usage": {"Query", "UpdateItem", "DeleteItem"},
        "Requests": {"GetItem", "Query", "UpdateItem", "DeleteItem"},
        "Payments": {"GetItem", "UpdateItem"},
        "Orders": {"GetItem", "UpdateItem"},
        "Orders/index/byCustomer": {"Query"},
        "Quotes": {"Query", "DeleteItem"},
        "OrderDocuments": {"Query", "DeleteItem"},
        "Audit": {"PutItem"},
        "Payments/index/byOwner": {"Query"},
        "PaymentEvents": {"UpdateItem"},
        "PaymentEvents/index/byPayment": {"Query"},
        "Documents": {"GetItem", "UpdateItem", "DeleteItem"},
        "Documents/index/byOwner": {"Query"},
        "Photos": {"Query", "DeleteItem"},
        "documents/": {"ListBucket", "DeleteObject"},
        "avatars/": {"ListBucket", "DeleteObject"},
        "incoming/": {"DeleteObject"},
        "uploads/": {"DeleteObject"},
        "quarantine/": {"DeleteObject"},
        "results/": {"DeleteObject"},
        "resized/": {"DeleteObject"},
        "signed/": {"DeleteObject"},
        "inference/input/": {"DeleteObject"},
    },
    "jobs-stream": {
        "Jobs": {"UpdateItem"},
        "Orders": {"UpdateItem"},
        "People": {"GetItem", "UpdateItem"},
        "Ledger": {"PutItem", "ConditionCheckItem"},
        "Usage": {"UpdateItem"},
        "Requests": {"UpdateItem"},
    },
    "archive": {},
    "publish": {"Documents": {"GetItem"}, "Photos": {"Query"}, "Jobs": {"BatchGetItem"}},
    "sweeper": {
        "Jobs": {"GetItem", "BatchGetItem", "UpdateItem", "DeleteItem"},
        "Jobs/index/byStatus": {"Query"},
        "Jobs/index/open": {"Query"},
        "Documents": {"BatchGetItem", "UpdateItem", "DeleteItem"},
        "Documents/index/open": {"Query"},
        "Photos": {"Query", "DeleteItem"},
        "documents/": {"ListBucket", "DeleteObject"},
        "results/": {"DeleteObject"},
        "resized/": {"DeleteObject"},
        "signed/": {"DeleteObject"},
        "inference/input/": {"DeleteObject"},
        "People": {"GetItem", "UpdateItem"},
        "Ledger": {"GetItem", "PutItem", "ConditionCheckItem"},
        "Usage": {"UpdateItem"},
        "Requests": {"GetItem", "UpdateItem"},
    },
    "rates": {"Rates": {"GetItem", "UpdateItem"}},
    "model-probe": {},
    "vertex": {**WORKER, **INPUTS, **own_results("vertex")},
    "bedrock": {**WORKER, **INPUTS, **own_results("bedrock")},
    "sagemaker": {**WORKER, "inference/input/": {"PutObject"}},
    "sagemaker-done": {
        "Jobs": {"GetItem", "UpdateItem"},
        "inference/output/": {"GetObject", "ListBucket", "DeleteObject"},
        **own_results("sagemaker"),
    },
    "browser": {**WORKER, **own_results("browser")},
    "documents": {**WORKER, **own_results("documents"), "documents/": {"GetObject", "ListBucket"}},
    "resizer": {
        "Jobs": {"GetItem", "UpdateItem"},
        "Uploads": {"GetItem", "UpdateItem"},
        "Documents": {"GetItem", "UpdateItem"},
        "Photos": {"PutItem", "DeleteItem"},
        "Fingerprints": {"PutItem"},
        "incoming/": {"GetObject", "ListBucket", "DeleteObject"},
        "uploads/": {"GetObject", "ListBucket", "PutObject", "DeleteObject"},
        "results/": {"GetObject", "ListBucket", "GetObjectTagging"},
        "resized/": {"GetObject", "ListBucket", "PutObject", "PutObjectTagging", "DeleteObject"},
        "documents/": {"ListBucket", "PutObject", "DeleteObject"},
        "quarantine/": {"PutObject"},
    },
    "credentials-check": {"incoming/": {"GetObject", "ListBucket"}},
    "credentials": {
        "Jobs": {"GetItem"},
        **INPUTS,
        "signed/": {"GetObject", "ListBucket", "PutObject", "PutObjectTagging", "DeleteObject"},
    },
    "boards": {"Jobs": {"GetItem"}, "Uploads": {"GetItem"}},
    "payments-stream": {},
    "uploads-stream": {},
    "collage-previews": {
        "Documents": {"GetItem", "UpdateItem"},
        "Photos": {"Query"},
        "Jobs": {"PutItem"},
        "People": {"GetItem"},
    },
    "fulfilment": {
        "Orders": {"GetItem", "UpdateItem"},
        "OrderDocuments": {"Query", "DeleteItem"},
        "Jobs": {"BatchGetItem", "PutItem"},
        "PrintOrders": {"GetItem", "PutItem"},
        "Payments": {"GetItem", "UpdateItem"},
        "Audit": {"PutItem"},
    },
    "orders-reconciler": {
        "Orders": {"GetItem", "BatchGetItem", "UpdateItem"},
        "Orders/index/open": {"Query"},
        "OrderDocuments": {"Query", "DeleteItem"},
        "Jobs": {"BatchGetItem", "PutItem"},
        "PrintOrders": {"GetItem", "PutItem"},
        "Payments": {"GetItem", "UpdateItem"},
        "Audit": {"PutItem"},
    },
    "mail": {"Mails": {"GetItem", "UpdateItem"}, "People": {"GetItem"}},
    "mail-feedback": {"People": {"GetItem", "UpdateItem"}},
    "unsubscribe": {"People": {"UpdateItem"}},
    "printer-callbacks": {"PrintOrders": {"UpdateItem"}, "PrintOrders/index/byPrinterId": {"Query"}},
    "printing-stream": {"PrintOrders": {"GetItem", "UpdateItem"}},
    "printing-reconciler": {
        "PrintOrders": {"GetItem", "BatchGetItem", "UpdateItem"},
        "PrintOrders/index/open": {"Query"},
    },
}

_ARN = "arn:<AWS::Partition>"
_HERE = "ap-southeast-1:<AWS::AccountId>"
_CONSUME = ("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes", "GetQueueUrl")
_ADMIN_GET_USER = ("cognito-idp:AdminGetUser", "<People.Arn>")
_FOLLOW = {
    (f"cognito-idp:Admin{action}", "<People.Arn>")
    for action in (
        *("AddUserToGroup", "RemoveUserFromGroup", "EnableUser", "DisableUser"),
        *("UserGlobalSignOut", "UpdateUserAttributes"),
    )
}


def read_stream(table: str) -> set[tuple[str, str]]:
    actions = ("DescribeStream", "GetRecords", "GetShardIterator")
    return {
        *((f"dynamodb:{action}", f"<{table}.StreamArn>") for action in actions),
        ("dynamodb:ListStreams", f"<{table}.Arn>/stream/*"),
    }


_BEDROCK = {
    ("bedrock:InvokeModel", arn)
    for arn in (
        *(f"{_ARN}:bedrock:us-west-2::foundation-model/stability.{name}" for name in GENERATORS),
        *(f"{_ARN}:bedrock:us-west-2:<AWS::AccountId>:inference-profile/{name}" for name in PROFILES),
        *(
            f"{_ARN}:bedrock:{region}::foundation-model/{name.removeprefix('us.')}"
            for name in PROFILES
            for region in ("us-east-1", "us-east-2", "us-west-2")
        ),
    )
}

_LOOK_AT_BEDROCK = {
    ("bedrock:GetFoundationModel", f"{_ARN}:bedrock:us-west-2::foundation-model/{name}")
    for name in (
        *(f"stability.{name}" for name in GENERATORS),
        *(name.removeprefix("us.") for name in PROFILES),
    )
}


def beside_data(stage: str) -> dict[str, set[tuple[str, str]]]:
    """Return what each function may do beside the data and its own dead letters."""
    addresses = secret(stage, "addresses")
    sign = secret(stage, "downloads")
    invoke = {right for spec in WORKER_SPECS for right in invocation(stage, spec.name)}
    return {
        "jobs-api": {_ADMIN_GET_USER, *addresses, *sign, *invocation(stage, "credentials")},
        "albums-api": {_ADMIN_GET_USER, *addresses, *sign},
        "people-api": {_ADMIN_GET_USER, *addresses, *sign, *_FOLLOW, *invocation(stage, "accounts-reconciler")},
        "accounts-reconciler": {*_FOLLOW, ("cognito-idp:AdminDeleteUser", "<People.Arn>")},
        "media-api": sign,
        "orders-api": {_ADMIN_GET_USER},
        "payments-api": {_ADMIN_GET_USER, *addresses, *secret(stage, "vnpay", "stripe")},
        "webhooks": secret(stage, "vnpay", "stripe-webhook"),
        "payments-reconciler": secret(stage, "vnpay", "stripe-refunds"),
        "sign-up": addresses,
        "jobs-stream": {*read_stream("Jobs"), *invoke, *send("BoardsQueue")},
        "uploads-stream": {*read_stream("Uploads"), *send("BoardsQueue")},
        "collage-previews": read_stream("Documents"),
        "publish": {
            *sign,
            *read_stream("Jobs"),
            *read_stream("Payments"),
            *read_stream("Documents"),
            *read_stream("Orders"),
            *read_stream("People"),
            *read_stream("Uploads"),
            *publication("publishJob", "publishJobDeleted", "publishUser", "publishShutOut", "publishUpload"),
            *publication("publishAlbum", "publishCollage", "publishOrder", "publishPayment"),
        },
        "archive": {*read_stream("Ledger"), *read_stream("Audit"), ("s3:PutObject", "<Archive.Arn>/*")},
        "sweeper": invoke,
        "credentials": secret(stage, "credentials"),
        "credentials-check": secret(stage, "credentials-anchors"),
        "vertex": secret(stage, "vertex"),
        "bedrock": {*_BEDROCK},
        "model-probe": {*secret(stage, "vertex"), *_LOOK_AT_BEDROCK},
        "sagemaker": {("sagemaker:InvokeEndpointAsync", f"{_ARN}:sagemaker:{_HERE}:endpoint/namo-{stage}-sdxl")},
        "resizer": {*send("BoardsQueue"), *invocation(stage, "credentials-check")},
        "boards": {*secret(stage, "firebase"), *consumption("BoardsQueue"), *send("BoardsLost")},
        "payments-stream": {*read_stream("Payments"), *send("MailQueue"), *invocation(stage, "payments-reconciler")},
        "fulfilment": {*read_stream("Orders"), *read_stream("PrintOrders"), *send("MailQueue")},
        "mail": {*secret(stage, "mail"), *mailing(stage), *consumption("MailQueue"), *send("MailLost")},
        "unsubscribe": secret(stage, "mail"),
        "printing-stream": {*sign, *secret(stage, "printer"), *read_stream("PrintOrders")},
        "printing-reconciler": {*sign, *secret(stage, "printer")},
    }


def secret(stage: str, *names: str) -> set[tuple[str, str]]:
    arn = f"{_ARN}:secretsmanager:{_HERE}:secret:namo/{stage}"
    return {("secretsmanager:GetSecretValue", f"{arn}/{name}-??????") for name in names}


def invocation(stage: str, function: str) -> set[tuple[str, str]]:
    return {("lambda:InvokeFunction", f"{_ARN}:lambda:{_HERE}:function:namo-{stage}-{function}")}


def publication(*mutations: str) -> set[tuple[str, str]]:
    return {("appsync:GraphQL", f"<Api.Arn>/types/Mutation/fields/{name}") for name in mutations}


def mailing(stage: str) -> set[tuple[str, str]]:
    domain = "mail.namo.test" if stage == "local" else "mail.example.com"
    found = f"identity/{domain}", f"configuration-set/namo-{stage}"
    return {("ses:SendEmail", f"{_ARN}:ses:{_HERE}:{what}") for what in found}


def send(queue: str) -> set[tuple[str, str]]:
    return {("sqs:SendMessage", f"<{queue}.Arn>")}


def consumption(queue: str) -> set[tuple[str, str]]:
    return {(f"sqs:{action}", f"<{queue}.Arn>") for action in _CONSUME}


def dead_letters(function: str) -> set[tuple[str, str]]:
    """Return the rights on a function's own queue: of records that its stream left, or of calls that failed."""
    spec = declared(function)
    if not isinstance(spec.trigger, Streams | Asynchronous):
        return set()
    queue = f"<{spec.id}{'Unread' if isinstance(spec.trigger, Streams) else 'Failed'}.Arn>"
    return {(f"sqs:{action}", queue) for action in ("SendMessage", "GetQueueAttributes", "GetQueueUrl")}


def expected(stage: str, function: str) -> set[tuple[str, str]]:
    data = {_data_right(place, action) for place, actions in DATA[function].items() for action in actions}
    beside = beside_data(stage).get(function, set[tuple[str, str]]())
    return data | beside | dead_letters(function)


def _data_right(place: str, action: str) -> tuple[str, str]:
    if action == "ListBucket":
        return "s3:ListBucket", "<Media.Arn>"
    if place.endswith("/"):
        return f"s3:{action}", f"<Media.Arn>/{place}*"
    table, _, index = place.partition("/")
    return f"dynamodb:{action}", f"<{table}.Arn>/{index}" if index else f"<{table}.Arn>"
