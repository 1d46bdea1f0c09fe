"""Vertex AI's ``generateContent`` for image models, as google-genai and google-cloud-aiplatform call it."""

import asyncio
import json
import time
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from local.models.calls import CUT, Call, CallLog
from local.models.faults import NO_FAULT, BadFaultError, Fault, FaultBook, parse_fault, split_model
from local.models.gemini import Ask, answer, blocked_answer, picture_answer, prompt_blocked_answer, read_request
from local.models.google_error import GoogleError
from local.models.oauth import Authority
from local.models.painters import Painters
from local.models.render import Picture

MODELS = frozenset(
    {
        "gemini-2.5-flash-image",
        "gemini-3-pro-image",
        "gemini-3-pro-image-preview",
        "gemini-3.1-flash-image",
        "gemini-3.1-flash-image-preview",
    }
)
MODEL_PATH = "/{version:v1|v1beta1}/projects/{project}/locations/{location}/publishers/google/models/{call}"


@dataclass
class Visit:
    """One call while it is being answered."""

    started: float
    model: str = ""
    prompt: str = ""
    fault: Fault = NO_FAULT
    render_ms: float = 0.0


class Vertex:
    """The provider: who may call, which faults wait, who draws."""

    def __init__(self, authority: Authority, painters: Painters, faults: FaultBook, calls: CallLog) -> None:
        self._authority = authority
        self._painters = painters
        self._faults = faults
        self._calls = calls

    def routes(self) -> list[web.RouteDef]:
        """Give the paths that this provider answers."""
        return [web.post(MODEL_PATH, self.call)]

    async def call(self, request: web.Request) -> web.Response:
        """Answer a call on a model; every outcome is logged."""
        visit = Visit(time.perf_counter())
        try:
            response = await self._respond(request, visit)
        except GoogleError as error:
            response = error.to_response()
        model_ms = _ms_since(visit.started)
        status = CUT if visit.fault.twist == "drop" else response.status
        self._calls.add(Call(visit.model, visit.prompt, status, visit.fault.text, visit.render_ms, model_ms))
        response.headers["x-render-ms"] = f"{visit.render_ms:.1f}"
        response.headers["x-model-ms"] = f"{model_ms:.1f}"
        return response

    async def _respond(self, request: web.Request, visit: Visit) -> web.Response:
        self._authority.check_bearer(request)
        visit.model, named = _model(request)
        ask = read_request(await _body(request))
        visit.prompt = ask.prompt
        visit.fault = self._fault(request, visit, named)
        await asyncio.sleep(visit.fault.slow)
        if visit.fault.status:
            raise GoogleError(visit.fault.status, retry_after=visit.fault.retry_after)
        if visit.fault.twist == "drop":
            return _cut(request)
        if visit.fault.twist == "not-json":
            return web.Response(text="<html>upstream connect error</html>", content_type="text/html")
        return web.json_response(await self._answer(ask, visit))

    def _fault(self, request: web.Request, visit: Visit, named: Fault) -> Fault:
        header = request.headers.get("x-local-fault")
        if header:
            return _parse(header)
        return named if named is not NO_FAULT else self._faults.take(visit.model, visit.prompt)

    async def _answer(self, ask: Ask, visit: Visit) -> dict[str, Any]:
        twist = visit.fault.twist
        if twist == "prompt-blocked":
            return prompt_blocked_answer(ask, visit.model)
        if twist == "blocked" or ask.unsafe:
            return blocked_answer(ask, visit.model)
        if twist == "empty":
            return answer(ask, visit.model, [], 0)
        return picture_answer(ask, visit.model, await self._draw(ask, visit))

    async def _draw(self, ask: Ask, visit: Visit) -> Picture:
        order = ask.order()
        if visit.fault.twist == "wrong-mime":  # JPEG bytes under the name of PNG
            picture = replace(await self._painters.draw(replace(order, mime="image/jpeg")), mime="image/png")
        else:
            picture = await self._painters.draw(order)
        visit.render_ms = picture.render_ms
        if picture.error:
            raise GoogleError(400, picture.error)
        return _spoil(picture, visit.fault.twist)


def _spoil(picture: Picture, twist: str | None) -> Picture:
    if twist == "garbage":
        return replace(picture, data=b"this is no picture " * 64)
    if twist == "truncated":
        return replace(picture, data=picture.data[: len(picture.data) // 2])
    return picture


def _model(request: web.Request) -> tuple[str, Fault]:
    name, _, method = request.match_info["call"].rpartition(":")
    model, fault = _split(name)
    if model not in MODELS or method != "generateContent":
        place = "projects/{project}/locations/{location}/publishers/google/models/".format(**request.match_info)
        raise GoogleError(404, f"Publisher Model `{place}{model}` was not found or does not support {method}.")
    return model, fault


def _split(name: str) -> tuple[str, Fault]:
    try:
        return split_model(name)
    except BadFaultError as error:
        raise GoogleError(400, str(error)) from error


def _parse(header: str) -> Fault:
    try:
        return parse_fault(header)
    except BadFaultError as error:
        raise GoogleError(400, str(error)) from error


async def _body(request: web.Request) -> object:
    try:
        return json.loads(await request.read())
    except ValueError:
        raise GoogleError(400, "Invalid JSON payload received.") from None


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # it goes nowhere


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
