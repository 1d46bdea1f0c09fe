"""What somebody else's manifest is worth."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import c2pa

from studio.media.model import Origin, Provenance
from workers.credentials.c2pa_context import context
from workers.imaging.mark import BY_MODELS

_DEPTH: Final = 20


def origin_of(content: bytes, content_type: str, anchors: str) -> Origin | None:
    """Return how a file came to be by its content credentials.

    Only a signature by somebody below the `anchors` counts as valid. Another's word that a model made the picture is
    as good as any mark; what it says beside that counts for nothing.
    """
    try:
        with c2pa.Reader(content_type, io.BytesIO(content), context=context(anchors)) as reader:
            trusted, store = reader.get_validation_state() == "Trusted", reader.json()
    except c2pa.C2paError:
        return None
    said = json.loads(store)
    by_model = next(_by_models(said), None)
    if not trusted and by_model is None:
        return None
    signed = said["manifests"][said["active_manifest"]].get("signature_info", {}).get("time")
    made = (by_model or {}).get("when") or signed
    return Origin(Provenance.CREDENTIAL_VALID if trusted else Provenance.MARK_FOUND, _text(made), _agent(by_model))


def _by_models(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the actions by which models had a part in the picture, the latest manifest's first."""
    manifests, label = said["manifests"], said.get("active_manifest")
    for _ in range(_DEPTH):
        found = manifests.get(label)
        if not found:
            return
        yield from (each for each in _actions(found) if each.get("digitalSourceType") in BY_MODELS)
        parents = (each for each in found.get("ingredients", []) if each.get("relationship") == "parentOf")
        label = next(parents, {}).get("active_manifest")


def _actions(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for each in manifest.get("assertions", []):
        if str(each.get("label")).startswith("c2pa.actions"):
            yield from each.get("data", {}).get("actions", [])


def _agent(action: Mapping[str, Any] | None) -> str | None:
    agent = (action or {}).get("softwareAgent")
    return _text(agent.get("name") if isinstance(agent, dict) else agent)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
