"""Calls of DynamoDB that reach moto without a wire between.

botocore checks and writes each request, and reads each refusal, as ever, and moto decides. What is left out is the HTTP
request that botocore signs and moto takes apart, and an answer's way back through bytes.
"""

import json
import re
from functools import cache
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.model import OperationModel
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

from tests.unit.memory_aws.calls import plain
from tests.unit.memory_aws.conditions import Beyond

# Their answers hold nothing that is not in the model, but at the top. Other calls go the long way.
OPERATIONS = {
    *(f"{verb}Item" for verb in ("Get", "Put", "Update", "Delete", "BatchGet", "BatchWrite")),
    *("Query", "Scan", "TransactWriteItems", "TransactGetItems"),
}

_method = cache(camelcase_to_underscores)
BINARY = re.compile(rb'"BS?":')


def connect(client: Any) -> Any:
    """Let a client of DynamoDB ask moto directly. Tests that listen to its calls hear them first."""
    region = client.meta.region_name

    def answer(model: OperationModel, params: Any, **_: Any) -> Any:
        if model.name not in OPERATIONS:
            return None
        assert not BINARY.search(params["body"]), "no row of ours holds bytes, which are text on the wire"
        request = json.loads(params["body"])
        backend = dynamodb_backends[DEFAULT_ACCOUNT_ID][region]
        try:
            return _http(200), _answer(model, _result(client, model.name, backend, request))
        except HTTPException as refusal:
            return _refused(client, model, refusal)

    client.meta.events.register_last("before-call.dynamodb", answer)
    client._resolve_endpoint_ruleset = _endpoint_of(client)
    return client


def _result(client: Any, operation: str, backend: DynamoDBBackend, request: Any) -> Any:
    try:
        return plain(operation, backend, request)
    except Beyond:
        result = getattr(_handler(client, request), _method(operation))().result
        return json.loads(json.dumps(result))


def _endpoint_of(client: Any) -> Any:
    """botocore finds out anew for each call where it would go."""
    resolve, known = client._resolve_endpoint_ruleset, (client.meta.endpoint_url, {}, {})

    def endpoint(model: OperationModel, *arguments: Any, **named: Any) -> Any:
        return known if model.name in OPERATIONS else resolve(model, *arguments, **named)

    return endpoint


def _handler(client: Any, body: Any) -> Any:
    handler: Any = DynamoHandler()
    handler.current_account, handler.region = DEFAULT_ACCOUNT_ID, client.meta.region_name
    handler.params = handler.body = body
    return handler


def _answer(model: OperationModel, result: Any) -> Any:
    """Keep of an answer what the operation's model names, as a serializer does."""
    named: Any = model.output_shape.members  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    members = {name: value for name, value in result.items() if name in named and value is not None}
    return members | {"ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}}


def _refused(client: Any, model: OperationModel, refusal: Any) -> Any:
    """Read a refusal as botocore reads it off the wire."""
    response = {
        "status_code": refusal.code,
        "headers": dict(refusal.get_headers()),
        "body": refusal.get_body().encode(),
    }
    endpoint = client._endpoint
    parser = endpoint._response_parser_factory.create_parser(model.service_model.resolved_protocol)
    parsed = parser.parse(response, model.output_shape)
    endpoint._add_modeled_error_fields(response, parsed, model, parser)
    return _http(refusal.code), parsed


def _http(status: int) -> AWSResponse:
    return AWSResponse("", status, HTTPHeaders(), None)
