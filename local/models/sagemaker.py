"""SageMaker's asynchronous endpoints: ``InvokeEndpointAsync`` as boto3's ``sagemaker-runtime`` calls it.

An endpoint reads its input from S3, draws, writes its output to S3 and notifies SNS. Its configuration, which on
AWS belongs to the endpoint itself, is put with ``PUT /_endpoints/{name}``.
"""

import asyncio
import json
import re
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import web

from local.models.faults import BadFaultError, split_model
from local.models.pending import CallHandler, PendingCall, cut
from local.models.sagemaker_aws import Aws
from local.models.sagemaker_endpoint import BadEndpointError, Endpoint
from local.models.sagemaker_error import SageMakerError
from local.models.sagemaker_inference import Inference, failed, prompt_of

INVOKE_PATH = "/endpoints/{endpoint}/async-invocations"
HEADER = "X-Amzn-SageMaker-"
SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/,]+/\d{8}/[a-z0-9-]+/sagemaker/aws4_request, ?SignedHeaders=.+")
MAX_QUEUED_SECONDS = 21_600
ACCEPTED = 202


class SageMaker:
    """The provider: its endpoints, and the inferences under way."""

    def __init__(self, handler: CallHandler, aws: Aws) -> None:
        self._desk = handler
        self._aws = aws
        self._endpoints: dict[str, Endpoint] = {}
        self._running: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """Give the paths that this provider answers."""
        return [web.put("/_endpoints/{endpoint}", self.configure), web.post(INVOKE_PATH, self.invoke)]

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Drop what is under way when the server stops."""
        yield
        for task in self._running:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._running)

    async def configure(self, request: web.Request) -> web.Response:
        """Make an endpoint, or give one another configuration; it has no machine running."""
        try:
            self._endpoints[request.match_info["endpoint"]] = Endpoint.read(await request.json())
        except (ValueError, BadEndpointError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"endpoints": len(self._endpoints)})

    async def invoke(self, request: web.Request) -> web.Response:
        """Take one request in. A refused one is logged now, an accepted one when its inference has ended."""
        pending = PendingCall(time.perf_counter())
        try:
            response = await self._accepted(request, pending)
        except SageMakerError as error:
            response = error.to_response(pending.fault)
        except BadFaultError as error:
            response = SageMakerError(400, str(error)).to_response()
        if response.status != ACCEPTED:
            self._desk.log(pending, response.status)
        return response

    async def _accepted(self, request: web.Request, pending: PendingCall) -> web.Response:
        if not SIGNED.fullmatch(request.headers.get("Authorization", "")):
            raise SageMakerError(403, "Missing Authentication Token", "MissingAuthenticationTokenException")
        pending.model, named = split_model(request.match_info["endpoint"])
        endpoint = self._endpoints.get(pending.model)
        if endpoint is None:
            raise SageMakerError(400, f"Endpoint {pending.model} of account 000000000000 not found.")
        inference = _inference(request, pending, endpoint)
        content = await self._aws.read(inference.input)
        pending.prompt = prompt_of(content)
        self._desk.choose(request, pending, named)
        if pending.fault.twist == "drop":
            return cut(request)
        if pending.fault.status:
            raise SageMakerError(pending.fault.status)
        self._start(inference, content)
        return _answer(inference)

    def _start(self, inference: Inference, content: bytes | None) -> None:
        task = asyncio.create_task(self._infer(inference, content))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _infer(self, inference: Inference, content: bytes | None) -> None:
        pending = inference.pending
        queued = await inference.endpoint.ready()
        await asyncio.sleep(pending.fault.slow)
        if queued > inference.patience:
            result = failed(inference, "Request expired in the queue.")
        else:
            result = await inference.run(self._desk, content)
        if result.output is not None:
            await self._aws.write(inference.output, result.output)
        for _ in range(result.times):
            await self._aws.publish(inference.endpoint.topic(ok=result.ok), result.message)
        self._desk.log(pending, 200 if result.ok else 500)


def _inference(request: web.Request, pending: PendingCall, endpoint: Endpoint) -> Inference:
    place = request.headers.get(f"{HEADER}InputLocation", "")
    if not place.startswith("s3://"):
        raise SageMakerError(400, "InputLocation must be an S3 URI.")
    name = str(uuid.uuid4())
    return Inference(
        pending=pending,
        endpoint=endpoint,
        id=request.headers.get(f"{HEADER}Inference-Id") or str(uuid.uuid4()),
        content_type=request.headers.get(f"{HEADER}Content-Type", ""),
        input=place,
        output=f"{endpoint.output_path}{name}.out",
        patience=float(request.headers.get(f"{HEADER}RequestTTLSeconds", MAX_QUEUED_SECONDS)),
    )


def _answer(inference: Inference) -> web.Response:
    headers = {f"{HEADER}OutputLocation": inference.output, f"{HEADER}FailureLocation": f"{inference.output}-error"}
    body = json.dumps({"InferenceId": inference.id})
    return web.Response(status=ACCEPTED, text=body, content_type="application/json", headers=headers)
