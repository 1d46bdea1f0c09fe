"""Names in the world's scripts are taken; what shows nothing is blank; every refusal names its own reason."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import text
from studio.audit.note import checked_note
from studio.errors import ErrorType, StudioError
from studio.images.request import edit, generation
from studio.links import checked
from studio.media.create_upload import upload_request
from studio.people.names import checked_name
from tests.unit.world import BASICS, PICTURE, USER, World

NAMES = [
    "Screenshot 2026-11-20 at 3.04.05\u202fPM.png",
    "Bildschirmfoto\u00a02026.png",
    "スクリーンショット\u30002026.png",
    "می\u200cخواهم.jpg",  # noqa: RUF001 - Persian
    "ශ්\u200dරී ලංකා.webp",
    "gia đình \U0001f468\u200d\U0001f469\u200d\U0001f467.png",
    "\U0001f1fb\U0001f1f3 \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f.png",
    "tim \u2764\ufe0f.png",
    "Nguye\u0302\u0303n.png",
    "שלום\u200f!.png",
    "newer than our tables: \U0001faea.png",
    "\uf8ff.png",
    "\u200e(\u0639\u0631\u0628\u064a)\u061c.png",
    "nul.png",
    "con",
    ".png",
]
BLANK = [
    "",
    " \t\r\n",
    "\u00a0\u202f\u3000\u2003",
    "\u200b",
    "\ufeff",
    "\u2060",
    "\u2800",
    "\u3164",
    "\u115f\u1160",
    "\uffa0",
    "\u00ad",
    "\ufe0f",
    "\U000e0100",
    "\U000e0067\U000e007f",
    "\u200d\u200c",
    "\u180e",
    "\u034f",
    "\u2028\u2029",
    "\0",
    "\x7f\x9f",
    "\u202e\u202c",
    "\U0001d173",
    "\ufffe",
    "\u0301",
]


@pytest.mark.parametrize("name", NAMES)
def test_people_and_files_are_called_what_they_are(name: str) -> None:
    upload_request(PICTURE | {"fileName": name})
    assert checked_name(f" {name}\u3000") == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("blank", BLANK, ids=ascii)
def test_blank_is_blank(world: World, blank: str) -> None:
    world.joined()
    refused = {
        ErrorType.PROMPT_EMPTY: lambda: world.generate(prompt=blank),
        ErrorType.NAME_MALFORMED: lambda: checked_name(blank),
        ErrorType.FILE_NAME_MALFORMED: lambda: upload_request(PICTURE | {"fileName": blank}),
        ErrorType.NOTE_MALFORMED: lambda: checked_note(blank),
        ErrorType.LINK_MALFORMED: lambda: checked({"boardId": blank}),
    }
    assert {type_: refusal(call) for type_, call in refused.items()} == {type_: type_ for type_ in refused}
    masked = BASICS | {"mode": "INPAINT_INSERT", "image": "i", "mask": "m"}
    assert refusal(lambda: edit(masked | {"prompt": blank})) == ErrorType.PROMPT_EMPTY
    assert generation(BASICS | {"negativePrompt": blank}).spec.negative_prompt is None
    assert (world.person(USER).points, world.drift()) == (20, 0)


def refusal(call: Any) -> ErrorType | None:
    try:
        call()
    except StudioError as error:
        return error.type
    return None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a\0.png", "holds no control characters"),
        ("a\x9b.png", "holds no control characters"),
        ("a\nb.png", "is on one line"),
        ("a\u2028b.png", "is on one line"),
        ("photo\u202egnp.exe", "holds no marks that turn the direction of reading"),
        ("\u2067a\u2069", "holds no marks that turn the direction of reading"),
        ("a\uffff", "holds nothing that is no character"),
        ("\u200b", "needs a character that can be seen"),
        ("x" * 256, "has 255 characters at most"),
        ("a/b", "holds neither / nor \\"),
        (".", "is more than dots"),
        (".. ", "is more than dots"),
    ],
)
def test_a_refusal_names_its_reason(name: str, why: str) -> None:
    with pytest.raises(StudioError) as refused:
        upload_request(PICTURE | {"fileName": name})
    assert refused.value.message == f"A file's name {why}."


def test_a_length_is_in_code_points_of_composed_letters() -> None:
    assert checked_name("\U0001f600" * 100)
    assert checked_name("Nguye\u0302\u0303n" * 16)  # 96 letters; macOS sends 128 code points
    with pytest.raises(StudioError, match="100 characters at most"):
        checked_name("a" * 101)


@pytest.mark.parametrize("prompt", ["a\0b", "\x1b[2J lake", "lake \x92", "lake \ufdd0"], ids=ascii)
def test_a_prompt_holds_no_control_characters(prompt: str) -> None:
    for field in ("prompt", "negativePrompt"):
        with pytest.raises(StudioError) as refused:
            generation(BASICS | {field: prompt})
        assert refused.value.type == ErrorType.TEXT_MALFORMED


def test_a_prompt_has_lines_columns_and_any_direction() -> None:
    prompt = "a lake\r\n\tat \u2067dusk\u2069\x0b\x0c\x85"
    assert generation(BASICS | {"prompt": prompt}).spec.prompt == prompt


LINES = {*"\t\n\v\f\r\x85\u2028\u2029"}
TURNING = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
NO_CHARACTER = {chr(each) for each in range(0xFDD0, 0xFDF0)} | {
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
}
CONTROL = {chr(each) for each in (*range(0x20), *range(0x7F, 0xA0))} - LINES
FORMAT = {chr(each) for each in range(0x20000) if unicodedata.category(chr(each)) == "Cf"}


def test_what_each_text_may_hold() -> None:
    """As docs/errors.md has it: of everything that is not drawn, or turns what is."""

    def taken(check: Any) -> set[str]:
        return {each for each in every if refusal(lambda each=each: check(f"a{each}b")) is None}

    every = LINES | TURNING | NO_CHARACTER | CONTROL | FORMAT
    prompts = LINES | FORMAT
    assert prompts >= TURNING
    assert taken(lambda text: generation(BASICS | {"prompt": text})) == prompts
    assert taken(checked_note) == prompts - TURNING
    assert taken(checked_name) == prompts - TURNING - LINES
    assert taken(lambda text: upload_request(PICTURE | {"fileName": text})) == prompts - TURNING - LINES
    for each in "\u200e\u200f\u061c":
        assert checked_name(f"\u05d0{each}!") == f"\u05d0{each}!"


@pytest.mark.parametrize(
    "stacked",
    [
        "a" + "\u0301" * 10,
        "\u0e01" + "\u0e47" * 9,  # Thai's own
        "x" + "\u20dd" * 9,  # rings
        "x" + "\u0301\u200d\u0302\ufe0f" * 5,  # parted by what is not drawn
        "x" + "\u0301\u0903" * 9,  # and by a mark that takes room
    ],
    ids=ascii,
)
def test_marks_without_end_are_refused(stacked: str) -> None:
    assert text.flaw_beside(f"Hu\u1ebf {stacked} b") == "has 8 combining marks to a character at most"


@pytest.mark.parametrize(
    "word",
    [
        "Nguye\u0302\u0303n Thi\u0323\u0302",  # Vietnamese, decomposed
        "\u0e19\u0e49\u0e33\u0e17\u0e35\u0e48",  # Thai
        "\u05d1\u05bc\u05b0\u05e8\u05b5\u05d0\u05e9\u05c1\u05b4\u0596\u05d9\u05ea",  # Hebrew, with accents
        "\u0671\u0644\u0644\u0651\u064e\u0647\u0650\u0670",  # Arabic, vowelled
        "\u0915\u094d\u0937\u094d\u092e\u094d\u092f\u0940\u0902",  # Devanagari
        "\u0f67\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb\u0f82",  # Tibetan's highest
        "\u1780\u17d2\u179a\u17bb\u1784",  # Khmer
        "\U0001f468\U0001f3fd\u200d\U0001f469\u200d\U0001f467 1\ufe0f\u20e3 \u2764\ufe0f",  # emoji in sequences
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # a flag with tags
    ],
    ids=ascii,
)
def test_words_of_every_script_keep_their_marks(word: str) -> None:
    assert checked_name(word)


@given(st.text())
def test_whatever_is_seen_stays_seen_between_blanks(words: str) -> None:
    assert text.is_blank(f"\u200b{words}\ufeff") == text.is_blank(words)


@pytest.mark.parametrize("kept", ["__all__", "__x__", "____", ".", "..", "a/b", "x" * 1501, "é", ""])
def test_firestores_own_ids_are_no_links(kept: str) -> None:
    for field in ("projectId", "boardId", "workflowId"):
        with pytest.raises(StudioError) as refused:
            checked({field: kept})
        assert refused.value.type == ErrorType.LINK_MALFORMED
    for near in ("__x", "x__", "_x_", "__", "___"):
        assert checked({"boardId": near}) == {"boardId": near}
