"""Text that is blank, half, turned round or enormous, at every argument that takes text."""

import asyncio
import base64
import hashlib
import uuid
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type

from tests.access import DECISIONS, Answer, Caller
from tests.attack.arena import SCHEMA, Arena, attack
from tests.stack import books

HOSTILE = {
    "a lone surrogate": "a\ud83d",
    "NUL": "a\x00b",
    "only NUL": "\x00",
    "zero width": "\u200b\u200b",
    "a byte order mark": "\ufeff",
    "a braille blank": "\u2800",
    "a Hangul filler": "\u3164",
    "a word joiner": "\u2060",
    "turned round": "a\u202egpj.exe",
    "a way up": "../../etc/passwd",
    "Firestore's own": "__id__",
    "a dot": ".",
    "long": "x" * 70_000,
    "combining": "e" + "\u0301" * 3000,
    "an expression": "${jndi:ldap://x} {{7*7}} '; DROP TABLE x; --",
    "markup": "<script>alert(1)</script>",
    "empty": "",
}
BLANK = ["zero width", "a byte order mark", "a braille blank", "a Hangul filler", "a word joiner", "only NUL", "empty"]
_DIGEST_BYTES = 9
_TOKENS = ["e30", "W10", "MQ", "eyJhIjoxLjV9", "bnVsbA", "eyJhIjp7ImIiOnsiYyI6e319fX0", "A" * 9000, "💥", "AAAA", "{}"]
_USUAL: dict[str, Any] = {
    "String": "a boat", "Int": 1, "Float": 1.0, "Boolean": True, "AWSDate": "2026-11-20", "AWSJSON": "{}",
    "AWSEmail": "a@b.example", "AWSURL": "https://example.com/", "AWSDateTime": "2026-11-20T12:00:00Z",
}  # fmt: skip


def _usual(type_: Any) -> Any:
    if isinstance(type_, GraphQLNonNull):
        return _usual(type_.of_type)
    if isinstance(type_, GraphQLList):
        return [_usual(type_.of_type)]
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        return {name: _usual(field.type) for name, field in named.fields.items() if _needed(field.type)}
    if hasattr(named, "values"):
        return next(iter(named.values))  # pyright: ignore[reportAttributeAccessIssue]
    return str(uuid.uuid4()) if named.name == "ID" else _USUAL[named.name]


def _needed(type_: Any) -> bool:
    return isinstance(type_, GraphQLNonNull)


def _places(type_: Any, path: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Where a value of this type takes text."""
    if isinstance(type_, GraphQLNonNull):
        return _places(type_.of_type, path)
    if isinstance(type_, GraphQLList):
        return _places(type_.of_type, (*path, 0))
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        return [place for name, field in named.fields.items() for place in _places(field.type, (*path, name))]
    return [path] if named.name in {"String", "ID", "AWSJSON", "AWSEmail"} else []


def _put(values: Any, type_: Any, path: tuple[Any, ...], text: str) -> Any:
    """Return the values with a text at a place, and whatever the way there needs."""
    if not path:
        return text
    if isinstance(type_, GraphQLNonNull):
        return _put(values, type_.of_type, path, text)
    if isinstance(type_, GraphQLList):
        return [_put(None, type_.of_type, path[1:], text)]
    named: Any = get_named_type(type_)
    inside = dict(values if isinstance(values, dict) else _usual(named))
    return inside | {path[0]: _put(inside.get(path[0]), named.fields[path[0]].type, path[1:], text)}


def _questions() -> list[tuple[str, str, dict[str, Any]]]:
    """Every field that a user may ask, with each text at each place: its name, what is tried, the variables."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    for name, decision in DECISIONS.items():
        root, field = name.split(".")
        if root == "Subscription" or name == "Mutation.deleteMe" or decision.of(Caller.USER) is Answer.FORBIDDEN:
            continue
        arguments: Any = getattr(SCHEMA.get_type(root), "fields")[field].args  # noqa: B009
        usual = {each: _usual(given.type) for each, given in arguments.items() if _needed(given.type)}
        for each, given in arguments.items():
            for path in _places(given.type, ()):
                for what, text in HOSTILE.items():
                    value = _put(usual.get(each), given.type, path, text)
                    found.append((name, f"{each}{list(path)} {what}", usual | {each: value}))
    return found


async def _throw(arena: Arena, questions: list[tuple[str, str, dict[str, Any]]]) -> None:
    person = await arena.client.new_user(0)
    for at in range(0, len(questions), 8):
        await asyncio.gather(*(arena.ask(name, given, person) for name, _, given in questions[at : at + 8]))
    kept = books.of(arena.client, person.sub)
    arena.holds(kept.drift == 0 and not kept.jobs, "hostile text made a job or moved points")


@attack("text", short=True)
async def halves_of_characters_are_refused_with_a_type(arena: Arena) -> None:
    await _throw(arena, [each for each in _questions() if each[1].endswith("a lone surrogate")])


@attack("text")
async def hostile_text_at_every_argument_gets_an_answer(arena: Arena) -> None:
    await _throw(arena, _questions())


@attack("text", short=True)
async def blank_is_blank_and_costs_nothing(arena: Arena) -> None:
    person = await arena.client.new_user(1)
    for what in BLANK:
        given = arena.wish() | {"prompt": HOSTILE[what] * 3}
        await arena.refused("Mutation.generateImages", {"input": given}, person, "PROMPT_EMPTY", "TEXT_MALFORMED")
    arena.holds(await arena.client.points(person) == 1, "a blank prompt was charged")


@attack("text", short=True)
async def page_tokens_that_are_none_are_refused(arena: Arena) -> None:
    person = await arena.client.new_user(0)
    for name in ("Query.jobs", "Query.pointsHistory", "Query.payments"):
        for token in _TOKENS:
            await arena.refused(name, {"limit": 1, "nextToken": token}, person, "PAGE_TOKEN_INVALID")
    for name in ("Query.users", "Query.auditTrail", "Query.jobsByStatus", "Query.paymentsByStatus"):
        usual = {"status": "COMPLETED"} if name.endswith("jobsByStatus") else {}
        usual = {"status": "PENDING"} if name.endswith("paymentsByStatus") else usual
        for token in _TOKENS:
            await arena.refused(name, {**usual, "limit": 1, "nextToken": token}, "admin", "PAGE_TOKEN_INVALID")
    for body in ("[]", "7", "null", '{"id": 1.5}', '{"id": {"a": {"b": 1}}}', '{"a": ' * 900 + "1" + "}" * 900, "NaN"):
        forged = {"limit": 1, "nextToken": _sealed("users", body)}
        await arena.refused("Query.users", forged, "admin", "PAGE_TOKEN_INVALID")


def _sealed(list_: str, body: str) -> str:
    """A token that is whole, but says what no list gives; its digest is no secret (studio/page_tokens.py)."""
    digest = hashlib.sha256(f"{list_}\0{body}".encode()).digest()[:_DIGEST_BYTES]
    return base64.urlsafe_b64encode(digest + body.encode()).decode()


@attack("text", short=True)
async def names_in_the_worlds_scripts_are_taken(arena: Arena) -> None:
    person = await arena.client.new_user(0)
    names = (
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a zero width non-joiner
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sinhala, with a zero width joiner
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # England's flag, of tags
        "\U0001f1fb\U0001f1f3",  # Vietnam's
        "Nguy\u1ec5n V\u0103n A",
        "Nguye\u0302\u0303n",  # decomposed
        "Zo\u00eb\u3000\u5c71\u7530",
        "O\u2019Neil\u00a0Jr",
    )
    for name in names:
        renamed = await arena.ask("Mutation.updateMe", {"input": {"name": name}}, person)
        arena.holds(not renamed.errors, f"the name {name!r} was refused: {renamed.body}")
    for name in ("Screenshot 2026-11-20 at 9.41.00\u202fAM.png", *(f"{each}.png" for each in names)):
        given = {"fileName": name, "contentType": "image/png", "byteSize": 9, "purpose": "REFERENCE"}
        answer = await arena.ask("Mutation.createUpload", {"input": given}, person)
        arena.holds(not answer.errors, f"the file {name!r} was refused: {answer.body}")
