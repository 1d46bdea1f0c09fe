"""What a mail says, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """One kind of mail. `$name` is a fact; a paragraph or a row whose fact is not known is left out.

    `rows` are labels with the facts that they are of. `reasons` are what it says first, by the fact `reason`.
    """

    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Common:
    """What every mail says: `why` somebody gets it, and of a notice `why_notice` and how to `stop` them."""

    lang: str
    greeting: str
    greeting_of: str
    why: str
    why_notice: str
    stop: str
