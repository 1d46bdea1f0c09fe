"""Amazon Bedrock's ``InvokeModel`` for image models, as boto3's ``bedrock-runtime`` calls it."""

import json
import re
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from local.models import bedrock_stability as stability
from local.models import bedrock_titan as titan
from local.models.bedrock_error import BedrockError
from local.models.bedrock_task import Json, Task, malformed
from local.models.faults import BadFaultError, split_model
from local.models.pending import CallHandler, PendingCall
from local.models.render import Picture
from local.models.render.references import BadReferenceError

MODEL_PATH = "/model/{model}/invoke"
# What the SDK signs; the signature's own value is for AWS to check.
SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/,]+/\d{8}/([a-z0-9-]+)/bedrock/aws4_request, ?SignedHeaders=.+")


class Family(Protocol):
    """The bodies of one model."""

    def read(self, body: Json) -> Task: ...
    def answer(self, made: Picture, task: Task) -> Json: ...
    def empty(self) -> Json: ...
    def blocked(self, *, prompt: bool) -> Json: ...


@dataclass(frozen=True)
class Model:
    """A model and the regions that have it."""

    family: Family
    regions: frozenset[str]


WEST, BOTH = frozenset({"us-west-2"}), frozenset({"us-east-1", "us-west-2"})
# Titan and Nova Canvas are no longer served by AWS; they are here for their wire format.
MODELS = {
    "amazon.titan-image-generator-v2:0": Model(titan.TITAN_V2, BOTH),
    "amazon.nova-canvas-v1:0": Model(titan.NOVA_CANVAS, frozenset({"us-east-1"})),
    "stability.stable-image-core-v1:1": Model(stability.GENERATE, WEST),
    "stability.stable-image-ultra-v1:1": Model(stability.ULTRA, WEST),
    "stability.sd3-5-large-v1:0": Model(stability.SD35, WEST),
    "us.stability.stable-image-inpaint-v1:0": Model(stability.INPAINT, BOTH),
    "us.stability.stable-image-erase-object-v1:0": Model(stability.ERASE, BOTH),
    "us.stability.stable-outpaint-v1:0": Model(stability.OUTPAINT, BOTH),
    "us.stability.stable-fast-upscale-v1:0": Model(stability.FAST_UPSCALE, BOTH),
    "us.stability.stable-conservative-upscale-v1:0": Model(stability.UPSCALE, BOTH),
    "us.stability.stable-creative-upscale-v1:0": Model(stability.UPSCALE, BOTH),
    "us.stability.stable-image-remove-background-v1:0": Model(stability.CUT_OUT, BOTH),
    "us.stability.stable-image-control-structure-v1:0": Model(stability.STRUCTURE, BOTH),
}
RETIRED = frozenset(
    {"amazon.titan-image-generator-v1", "stability.stable-diffusion-xl-v1", "stability.stable-image-core-v1:0"}
)
END_OF_LIFE = (
    "This model version has reached the end of its life. Please refer to the AWS documentation for more details."
)


class Bedrock:
    """The provider: which model in which region, and what it answers."""

    def __init__(self, handler: CallHandler) -> None:
        self._desk = handler

    def routes(self) -> list[web.RouteDef]:
        """Give the paths that this provider answers."""
        return [web.post(MODEL_PATH, self.call), web.get("/foundation-models/{model}", self.look)]

    async def look(self, request: web.Request) -> web.Response:
        """Answer ``GetFoundationModel``."""
        try:
            return web.json_response(_details(request.match_info["model"], _region(request)))
        except BedrockError as error:
            return error.to_response()

    async def call(self, request: web.Request) -> web.Response:
        """Answer a call on a model; every outcome is logged."""

        async def respond(pending: PendingCall) -> web.Response:
            try:
                return await self._respond(request, pending)
            except BedrockError as error:
                return error.to_response(pending.fault)
            except (BadFaultError, BadReferenceError) as error:
                return BedrockError(400, str(error)).to_response()

        return await self._desk.serve(respond)

    async def _respond(self, request: web.Request, pending: PendingCall) -> web.Response:
        region = _region(request)
        pending.model, named = split_model(request.match_info["model"])
        family = _family(pending.model, region)
        task = family.read(await _body(request))
        pending.prompt = task.prompt
        common = await self._desk.fault(request, pending, named)
        if common is not None:
            return common
        if pending.fault.status:
            raise BedrockError(pending.fault.status)
        return web.json_response(await self._answer(family, task, pending))

    async def _answer(self, family: Family, task: Task, pending: PendingCall) -> Json:
        twist = pending.fault.twist
        if twist in {"blocked", "prompt-blocked"} or task.unsafe:
            return family.blocked(prompt=twist != "blocked")
        if twist == "empty":
            return family.empty()
        picture = await self._desk.draw(task.order, pending)
        if picture.error:
            raise BedrockError(400, picture.error)
        return family.answer(picture, task)


def _details(name: str, region: str) -> Json:
    """Describe a model, those behind inference profiles too. Raises BedrockError."""
    model = MODELS.get(name) or MODELS.get(f"us.{name}")
    if model is None or region not in model.regions:
        raise BedrockError(404, "Could not resolve the foundation model from the provided model identifier.")
    arn = f"arn:aws:bedrock:{region}::foundation-model/{name}"
    return {"modelDetails": {"modelArn": arn, "modelId": name, "modelLifecycle": {"status": "ACTIVE"}}}


def _region(request: web.Request) -> str:
    signed = SIGNED.fullmatch(request.headers.get("Authorization", ""))
    if not signed or "X-Amz-Date" not in request.headers:
        raise BedrockError(403, "Missing Authentication Token", "MissingAuthenticationTokenException")
    return signed[1]


def _family(name: str, region: str) -> Family:
    if name in RETIRED:
        raise BedrockError(404, END_OF_LIFE)
    model = MODELS.get(name)
    if model is None or region not in model.regions:
        raise BedrockError(400, "The provided model identifier is invalid.")
    return model.family


async def _body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise malformed("the body is not a JSON object")
    return body
