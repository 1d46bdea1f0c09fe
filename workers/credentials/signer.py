"""Signing manifests with the stage's certificate."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import c2pa

from workers.credentials.c2pa_context import context
from workers.credentials.manifest import Ingredient

_ALGORITHM: Final = b"es256"


@dataclass(frozen=True)
class Signer:
    """Signs with what `held` returns: `certificates`, the signer's first, and its `key`, all PEM; P-256."""

    held: Callable[[], Mapping[str, str]]

    def sign(
        self, content: bytes, content_type: str, manifest: Mapping[str, Any], ingredients: Sequence[Ingredient]
    ) -> bytes:
        """Return the file with a manifest in it; one that it had goes, unless it is an ingredient as well."""
        held = self.held()
        info = c2pa.C2paSignerInfo(_ALGORITHM, held["certificates"].encode(), held["key"].encode(), None)
        out = io.BytesIO()
        with c2pa.Builder(dict(manifest), context=context()) as builder, c2pa.Signer.from_info(info) as signer:
            for i, each in enumerate(ingredients):
                if each.content is not None:  # the manifest itself names the others
                    builder.add_ingredient(each.described(str(i)), each.content_type, io.BytesIO(each.content))
            builder.sign(signer, content_type, io.BytesIO(content), out)
        return out.getvalue()
