"""Vertex AI's models, as google-genai (``generateContent``) and google-cloud-aiplatform (``predict``) call them."""

import json
from typing import Any

from aiohttp import web

from local.models import imagen
from local.models.faults import BadFaultError, Fault, split_model
from local.models.gemini import (
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
from local.models.imagen import Edit, edit_answer, filtered_answer, read_edit
from local.models.oauth import Authority
from local.models.pending import CallHandler, PendingCall
from local.models.render import EditOrder, Picture, PictureOrder

MODELS = frozenset(
    {
        "gemini-2.5-flash-image",
        "gemini-3-pro-image",
        "gemini-3-pro-image-preview",
        "gemini-3.1-flash-image",
        "gemini-3.1-flash-image-preview",
    }
)
# Gemini's answers without a picture, by the twist that asks for them.
WITHOUT_PICTURE = {
    "prompt-blocked": prompt_blocked_answer,
    "blocked": blocked_answer,
    "empty": empty_answer,
    "recitation": recited_answer,
    "refused-in-words": refused_answer,
}
METHODS = {"generateContent": MODELS, "predict": imagen.MODELS}
MODEL_PATH = "/{version:v1|v1beta1}/projects/{project}/locations/{location}/publishers/google/models/{call}"


class Vertex:
    """The provider: who may call, and what each of its two methods answers."""

    def __init__(self, authority: Authority, handler: CallHandler) -> None:
        self._authority = authority
        self._desk = handler

    def routes(self) -> list[web.RouteDef]:
        """Give the paths that this provider answers."""
        return [web.post(MODEL_PATH, self.call)]

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
        pending.model, method, named = _model(request)
        body = await _body(request)
        ask = read_request(body) if method == "generateContent" else read_edit(body)
        pending.prompt = ask.prompt
        common = await self._desk.fault(request, pending, named)
        if common is not None:
            return common
        if pending.fault.status:
            raise GoogleError(pending.fault.status, fault=pending.fault)
        given = await (self._generated(ask, pending) if isinstance(ask, Ask) else self._edited(ask, pending))
        return web.json_response(given)

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

    async def _edited(self, edit: Edit, pending: PendingCall) -> dict[str, Any]:
        twist = pending.fault.twist
        if twist == "prompt-blocked":
            raise GoogleError(400, imagen.BLOCKED_PROMPT)
        if twist == "blocked" or edit.unsafe:
            return filtered_answer(edit)
        if twist == "recitation":
            return filtered_answer(edit, imagen.THIRD_PARTY)
        if twist == "empty":
            return {}
        return edit_answer(await self._drawn(edit.order(), pending))

    async def _drawn(self, order: PictureOrder | EditOrder, pending: PendingCall) -> Picture:
        picture = await self._desk.draw(order, pending)
        if picture.error:
            raise GoogleError(400, picture.error)
        return picture


def _model(request: web.Request) -> tuple[str, str, Fault]:
    name, _, method = request.match_info["call"].rpartition(":")
    model, fault = split_model(name)
    if model not in METHODS.get(method, ()):
        place = "projects/{project}/locations/{location}/publishers/google/models/".format(**request.match_info)
        raise GoogleError(404, f"Publisher Model `{place}{model}` was not found or does not support {method}.")
    return model, method, fault


async def _body(request: web.Request) -> object:
    try:
        return json.loads(await request.read())
    except ValueError:
        raise GoogleError(400, "Invalid JSON payload received.") from None
