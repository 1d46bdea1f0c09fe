"""What every model on Bedrock can be asked for, whatever its bodies look like."""

import base64
from dataclasses import dataclass
from typing import Any

from local.models.bedrock_error import BedrockError
from local.models.gemini import SAFETY_WORD
from local.models.render import Order

Json = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One request that was understood: its prompt, its seed and the picture to draw."""

    prompt: str
    seed: int
    order: Order

    @property
    def unsafe(self) -> bool:
        """Tell whether our own safety filter stops this prompt."""
        return SAFETY_WORD.search(self.prompt) is not None


def known(body: Json, names: str) -> None:
    """Refuse fields that the model does not know. Raises BedrockError 400."""
    unknown = set(body) - set(names.split())
    if unknown:
        raise malformed(f"extraneous key [{min(unknown)}] is not permitted")


def section(body: Json, name: str) -> Json:
    """Give an object of the body. Raises BedrockError 400."""
    value = body.get(name)
    if not isinstance(value, dict):
        raise malformed(f"required key [{name}] not found")
    return value


def text(body: Json, name: str, longest: int, usual: str | None = None) -> str:
    """Give a text of the body; without a usual one it must be there. Raises BedrockError 400."""
    value = body.get(name, usual)
    if not isinstance(value, str) or (usual is None and not value.strip()):
        raise malformed(f"required key [{name}] not found")
    if len(value) > longest:
        raise malformed(f"#/{name}: expected maxLength: {longest}, actual: {len(value)}")
    return value


def number(body: Json, name: str, least: int, most: int, usual: int) -> int:
    """Give a whole number of the body. Raises BedrockError 400."""
    value = body.get(name, usual)
    if not isinstance(value, int) or not least <= value <= most:
        raise malformed(f"#/{name}: {value!r} is not a number from {least} to {most}")
    return value


def fraction(body: Json, name: str, most: float = 1.0, usual: float = 0.5) -> float:
    """Give a number from 0. Raises BedrockError 400."""
    value = body.get(name, usual)
    if not isinstance(value, int | float) or not 0 <= value <= most:
        raise malformed(f"#/{name}: {value!r} is not a number from 0 to {most}")
    return value


def picture(body: Json, name: str) -> bytes:
    """Give a picture's bytes. Raises BedrockError 400."""
    value = body.get(name)
    try:
        return base64.b64decode(value if isinstance(value, str) else "%", validate=True)
    except ValueError:
        raise malformed(f"{name} must be a picture in Base64") from None


def malformed(what: str) -> BedrockError:
    """Give the error of a body that breaks a rule."""
    return BedrockError(400, f"Malformed input request: {what}, please reformat your input and try again.")
