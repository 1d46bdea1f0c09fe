"""A chain of certificates for tests, and what the library says of a file under it."""

import io
from functools import cache
from typing import Any

import c2pa

from local.credentials import Chain, new_chain
from tests.unit.world import NOON
from workers.credentials.c2pa_context import context
from workers.credentials.signer import Signer


@cache
def chain() -> Chain:
    return new_chain(NOON)


def signer(held: Chain | None = None) -> Signer:
    found = held or chain()
    return Signer(lambda: {"certificates": found.certificates, "key": found.key})


def read(content: bytes, content_type: str, anchors: str | None = None) -> c2pa.Reader:
    return c2pa.Reader(content_type, io.BytesIO(content), context=context(chain().root if anchors is None else anchors))


def verdict(content: bytes, content_type: str) -> str | None:
    """Trusted, Valid or Invalid."""
    with read(content, content_type) as found:
        return found.get_validation_state()


def active(content: bytes, content_type: str) -> dict[str, Any]:
    with read(content, content_type) as found:
        said = found.get_active_manifest()
    assert said
    return said


def actions(said: dict[str, Any]) -> list[dict[str, Any]]:
    (found,) = [each["data"]["actions"] for each in said["assertions"] if each["label"].startswith("c2pa.actions")]
    return found
