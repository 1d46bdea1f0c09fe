"""Vertex AI's image models, as google-genai calls them."""

import json
from typing import Any

from aiohttp import web

from local.models.faults import BadFaultError, Fault, split_model
from local.models.gemini import (
    MODELS,
    Abilities,
    Ask,
    blocked_answer,
    empty_answer,
    picture_answer,
    prompt_blocked_answer,
    read_request,
    recited_answer,
    refused_answer,
    thinking_answer,
)
from local.models.google_error import GoogleError
from local.models.oauth import Authority
from local.models.pending import CallHandler, PendingCall
from local.models.render import Picture, PictureOrder

# Gemini's answers without a picture, by the twist that asks for them.
WITHOUT_PICTURE = {
    "prompt-blocked": prompt_blocked_answer,
    "blocked": blocked_answer,
    "empty": empty_answer,
    "recitation": recited_answer,
    "refused-in-words": refused_answer,
}
MODEL_PATH = "/{version:v1|v1beta1}/projects/{project}/locations/{location}/publishers/google/models/{call}"


class Vertex:
    """The provider: who may call, and what it answers."""

    def __init__(self, authority: Authority, handler: CallHandler) -> None:
        self._authority = authority
        self._desk = handler

    def routes(self) -> list[web.RouteDef]:
        """Give the paths that this provider answers."""
        return [web.post(MODEL_PATH, self.call), web.get("/v1/publishers/google/models/{model}", self.look)]

    async def look(self, request: web.Request) -> web.Response:
        """Answer ``GetPublisherModel``."""
        name = f"publishers/google/models/{request.match_info['model']}"
        try:
            self._authority.check_bearer(request)
        except GoogleError as error:
            return error.to_response()
        if request.match_info["model"] not in MODELS:
            return GoogleError(404, f"Publisher Model `{name}` is not found.").to_response()
        return web.json_response({"name": name, "versionId": "default"})

    async def call(self, request: web.Request) -> web.Response:
        """Answer a call on a model; every outcome is logged."""

        async def respond(pending: PendingCall) -> web.Response:
            try:
                return await self._respond(request, pending)
            except GoogleError as error:
                return error.to_response()
            except BadFaultError as error:
                return GoogleError(400, str(error)).to_response()

        return await self._desk.serve(respond)

    async def _respond(self, request: web.Request, pending: PendingCall) -> web.Response:
        self._authority.check_bearer(request)
        pending.model, can, named = _model(request)
        ask = read_request(await _body(request), can)
        pending.prompt = ask.prompt
        common = await self._desk.fault(request, pending, named)
        if common is not None:
            return common
        if pending.fault.status:
            raise GoogleError(pending.fault.status, fault=pending.fault)
        return web.json_response(await self._generated(ask, pending))

    async def _generated(self, ask: Ask, pending: PendingCall) -> dict[str, Any]:
        twist = pending.fault.twist
        if twist in WITHOUT_PICTURE:
            return WITHOUT_PICTURE[twist](ask, pending.model)
        if ask.unsafe:
            return blocked_answer(ask, pending.model)
        drawn = await self._drawn(ask.order(), pending)
        if twist in {"drafts", "only-drafts"}:
            return thinking_answer(ask, pending.model, drawn, final=twist == "drafts")
        return picture_answer(ask, pending.model, drawn)

    async def _drawn(self, order: PictureOrder, pending: PendingCall) -> Picture:
        picture = await self._desk.draw(order, pending)
        if picture.error:
            raise GoogleError(400, picture.error)
        return picture


def _model(request: web.Request) -> tuple[str, Abilities, Fault]:
    name, _, method = request.match_info["call"].rpartition(":")
    model, fault = split_model(name)
    can = MODELS.get(model)
    if can is None or method != "generateContent" or can.location not in ("", request.match_info["location"]):
        place = "projects/{project}/locations/{location}/publishers/google/models/".format(**request.match_info)
        raise GoogleError(404, f"Publisher Model `{place}{model}` was not found or does not support {method}.")
    return model, can, fault


async def _body(request: web.Request) -> object:
    try:
        return json.loads(await request.read())
    except ValueError:
        raise GoogleError(400, "Invalid JSON payload received.") from None
