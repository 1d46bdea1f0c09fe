"""Text that people write, in any script: when it is blank, and what no text of ours may hold.

A length is in characters, which are Unicode's code points: never more than a browser counts, for whom an emoji is two.
"""

import re
import unicodedata
from typing import Final

# What is drawn as nothing: Unicode's default ignorable code points (joiners, fillers, selectors, tags), annotation and
# hieroglyphs' own controls, a braille cell without dots, a musical head that is not drawn, and the place of an object.
_UNDRAWN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Spaces, control characters, halves of a pair, and marks that need a letter to sit on.
_NEEDS_MORE: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cs", "Mn", "Me"})
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # but not what breaks a line or sets a column
_LINE: Final = re.compile("[\t-\r\x85\u2028\u2029]")
_LAST_TWO: Final = "".join(f"{chr(end)}{chr(end + 1)}" for end in range(0xFFFE, 0x110000, 0x10000))  # of each plane
_NO_CHARACTER: Final = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_LAST_TWO}]")
# Embeddings, overrides, isolates: they show text in another order than it is in, "exe.gnp" for "png.exe". The marks
# that Arabic's and Hebrew's keyboards write (U+200E, U+200F, U+061C) turn nothing that stands beside them.
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Tibetan's highest stack of letters is as high; marks without end cover what stands above and below.
_MOST_MARKS: Final = 8


def is_blank(text: str | None) -> bool:
    """Tell whether there is nothing to see in a text."""
    return not any(_is_seen(each) for each in text or "")


def drawn(text: str) -> str:
    """Return a text without what is drawn as nothing, but for its spaces."""
    return _CONTROL.sub("", _UNDRAWN.sub("", text))


def is_whole(text: str) -> bool:
    """Tell whether a text holds no half of a pair: what a cut in the midst of an emoji leaves is not to be kept."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def flaw(text: str) -> str | None:
    """Say which rule for every text this one breaks, as the end of a sentence."""
    if _CONTROL.search(text):
        return "holds no control characters"
    return "holds nothing that is no character" if _NO_CHARACTER.search(text) else None


def flaw_beside(text: str) -> str | None:
    """Say which rule for a text that is shown beside others this one breaks, as the end of a sentence."""
    if _TURNING.search(text):
        return "holds no marks that turn the direction of reading"
    if _is_stacked(text):
        return f"has {_MOST_MARKS} combining marks to a character at most"
    return flaw(text)


def flaw_of_name(name: str, most: int) -> str | None:
    """Say which rule for the name of a person or a file this one breaks, as the end of a sentence."""
    if is_blank(name):
        return "needs a character that can be seen"
    if len(name) > most:
        return f"has {most} characters at most"
    if _LINE.search(name):
        return "is on one line"
    return flaw_beside(name)


def limit_of_name(name: str, most: int) -> dict[str, int]:
    """Return the fact of what `flaw_of_name` says, where that is of the length."""
    return {} if is_blank(name) or len(name) <= most else {"max": most}


def composed(text: str) -> str:
    """Write letters with their marks as one, so that what looks the same is the same and counts the same."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """Return a text to look for, or to look in: without the spaces around it, and whatever its case."""
    return composed(text).casefold().strip()


def _is_stacked(text: str) -> bool:
    """Tell whether more marks sit on one character than any script has; what is drawn as nothing parts them not."""
    marks = 0
    for each in drawn(text):
        category = unicodedata.category(each)
        marks = marks + 1 if category in {"Mn", "Me"} else marks if category == "Mc" else 0
        if marks > _MOST_MARKS:
            return True
    return False


def _is_seen(character: str) -> bool:
    """Tell whether a character is drawn; one newer than this Python's tables may well be."""
    if character.isascii():
        return character.isprintable() and character != " "
    return not (
        _UNDRAWN.match(character) or _NO_CHARACTER.match(character) or unicodedata.category(character) in _NEEDS_MORE
    )
