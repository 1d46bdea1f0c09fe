"""Whatever text stands in whatever argument of the schema: an answer or a refusal with a type, never INTERNAL."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import boto3
import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio import page_tokens
from studio.people.join import UserDirectory
from studio.people.model import Caller
from tests.access import DECISIONS
from tests.access import Answer as Allowed
from tests.sdl import committed
from tests.unit.payments.shop import VNPAY_KEYS
from tests.unit.payments.test_fields import ENVIRONMENT as PAYMENTS
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import SOURCES, appsync
from tests.unit.studio.cognito import Cognito
from tests.unit.world import ADMIN, PICTURE, USER, World

SCHEMA = committed()
HALF = "\ud83d"
GOOD: Mapping[str, str] = {
    **{name: value for name, value in PICTURE.items() if isinstance(value, str)},
    "model": "nanobanana-pro",
    "packageId": "points-100",
    "userId": USER.sub,
    "owner": USER.sub,
    "day": "2026-11-20",
    "id": "0b9c1f6e-5f5e-4f0e-9d53-0a3f7c1f2b11",
    "paymentId": "0b9c1f6e-5f5e-4f0e-9d53-0a3f7c1f2b11",
}
HOSTILE = [
    "",
    " ",
    "\0",
    "a\0b",
    "\x7f\x9b2J",
    HALF,
    f"cut off {HALF}",
    "\udc00\ud83d",
    "\u200b",
    "\ufeff\u2060\u2800\u3164\u00ad",
    "\u202egnp.exe",
    "\uffff\U0010ffff",
    "\U0001f469\u200d\U0001f467 \U0001f3f4\U000e0067\U000e007f",
    "e\u0301" * 3_000,
    "x" * 4_001,
    "\U0001f600" * 3_000,
    "__proto__",
    "..",
    "a/b",
    "{}",
    "[" * 2_000,
    "null",
    "-1",
    "NaN",
    "0000-00-00",
    "9999-12-31T23:59:59Z",
    "' OR 1=1 --",
    "${jndi:ldap://x}",
    "00000000-0000-4000-8000-000000000000",
]
FORGED: list[Any] = [
    None,
    0,
    1.5,
    True,
    "id",
    [],
    [["id", "x"]],
    {},
    {"id": 1.5},
    {"id": None},
    {"id": True},
    {"id": ""},
    {"id": HALF},
    {HALF: "x"},
    {"id": {"S": "x"}},
    {"id": ["x"]},
    {"id": "x" * 9_000},
    {"id": 10**400},
]
UNREADABLE = [b"[" * 5_000, b'{"id":' * 900, b"1" * 5_000, b"\xff\xfe", b"", b'{"id":"\\ud83d"}', b'{"id":NaN}']
Place = tuple[str, tuple[str | int, ...]]


def _needed(type_: Any, name: str) -> Any:
    """Return a good value for an argument, with everything in it that can be given."""
    if isinstance(type_, GraphQLNonNull):
        return _needed(type_.of_type, name)
    if isinstance(type_, GraphQLList):
        return [_needed(type_.of_type, name)]
    if isinstance(type_, GraphQLInputObjectType):
        return {inner: _needed(field.type, inner) for inner, field in type_.fields.items()}
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    moment = "2026-11-20T12:00:00Z"
    return {"Int": 1, "Float": 1.0, "Boolean": True, "AWSDateTime": moment}.get(type_.name, GOOD.get(name, "x"))


def _arguments(field: str) -> dict[str, Any]:
    return {name: _needed(argument.type, name) for name, argument in _args(field).items() if name != "nextToken"}


def _args(field: str) -> dict[str, GraphQLArgument]:
    root, name = field.split(".")
    type_ = SCHEMA.get_type(root)
    assert isinstance(type_, GraphQLObjectType)
    return type_.fields[name].args


def _texts(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str):
        yield path
    if isinstance(value, dict | list):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield from _texts(value[name], (*path, name))


def _put(value: Any, path: tuple[str | int, ...], text: str) -> Any:
    if not path:
        return text
    if isinstance(value, list):
        return [_put(value[0], path[1:], text)]
    return {**value, path[0]: _put(value.get(path[0]), path[1:], text)}


def _with(place: Place, text: str) -> Any:
    """Return good arguments but for the text in one place."""
    return _put(_arguments(place[0]), place[1], text)


ENUMS = {name for type_ in SCHEMA.type_map.values() if isinstance(type_, GraphQLEnumType) for name in type_.values}
LISTS = [field for field in SOURCES if "nextToken" in _args(field)]


def _is_free(field: str, path: tuple[str | int, ...]) -> bool:
    """Tell whether a place takes any text: AppSync itself refuses what is not among an enum's names."""
    value: Any = _arguments(field)
    for step in path:
        value = value[step]
    return value not in ENUMS


PLACES: list[Place] = [
    (field, path) for field in SOURCES for path in _texts(_arguments(field)) if _is_free(field, path)
] + [(field, ("nextToken",)) for field in LISTS]

Ask = Callable[[str, Any], Any]


def _places(field: str) -> list[Place]:
    return [place for place in PLACES if place[0] == field]


@pytest.fixture
def ask(world: World, load: Load, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setattr(UserDirectory, "__init__", _in_memory)
    _keep("namo/test/vnpay", VNPAY_KEYS)
    world.joined()
    world.joined(ADMIN)
    area = cache(lambda name: load(f"resolvers.fields.{name}", USER_POOL_ID="pool", **PAYMENTS))
    return lambda field, arguments: _asked(area(SOURCES[field]), field, arguments)


def _in_memory(directory: UserDirectory, user_pool_id: str) -> None:
    directory._pool, directory._client = user_pool_id, Cognito  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]


def _keep(name: str, secret: Any) -> None:
    manager: Any = boto3.client("secretsmanager", region_name="ap-southeast-1")
    if not manager.list_secrets(Filters=[{"Key": "name", "Values": [name]}])["SecretList"]:
        manager.create_secret(Name=name, SecretString=json.dumps(secret))


def _caller(field: str) -> Caller:
    return USER if DECISIONS[field].user is not Allowed.FORBIDDEN else ADMIN


def _asked(area: ModuleType, field: str, arguments: Any) -> str | None:
    """Ask a field as Lambda does, and return the type of its refusal."""
    sent = json.loads(json.dumps(appsync(field, arguments, _caller(field))))
    answer = area.handler(sent, None)
    json.dumps(answer, ensure_ascii=False).encode()
    return answer.get("error", {}).get("type")


def test_the_schema_has_texts_to_try() -> None:
    assert len(PLACES) > 60
    assert ("Mutation.generateImages", ("input", "link", "boardId")) in PLACES
    assert ("Mutation.generateImages", ("input", "references", 0)) in PLACES
    assert ("Mutation.createAlbum", ("input", "photos", 0, "caption")) in PLACES
    assert len(LISTS) == 14


@pytest.mark.parametrize("field", SOURCES)
def test_no_text_anywhere_is_a_fault_of_ours(ask: Ask, field: str) -> None:
    for place in _places(field):
        for text in HOSTILE:
            assert ask(field, _with(place, text)) != "INTERNAL", (place, text[:40])


@pytest.mark.parametrize("field", SOURCES)
def test_half_a_character_is_refused_wherever_it_stands(ask: Ask, world: World, field: str) -> None:
    before = world.person()
    for place in _places(field):
        assert ask(field, _with(place, f"lake {HALF}")) == "TEXT_MALFORMED", place
    assert world.person() == before


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PLACES), st.text(st.characters(codec=None), max_size=200))
def test_nor_is_any_other(ask: Ask, place: Place, text: str) -> None:
    assert ask(place[0], _with(place, text)) != "INTERNAL"


@pytest.mark.parametrize("field", LISTS)
def test_a_token_that_is_no_position_is_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    """Its digest is right: whoever knows how one is made can make one."""
    monkeypatch.setattr(page_tokens, "_digest", lambda _list, _body: b"x" * 9)
    for body in [*(json.dumps(forged).encode() for forged in FORGED), *UNREADABLE]:
        token = base64.urlsafe_b64encode(b"x" * 9 + body).decode()
        assert ask(field, _arguments(field) | {"nextToken": token}) == "PAGE_TOKEN_INVALID", body[:40]
