"""Tokens that were forged, have ended, or are another's."""

import base64
import json
import time
import uuid
from typing import Any

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from local import accounts
from local.client import Person, claims, post, sign_in
from tests.attack.arena import Arena, attack
from tests.stack import realtime_socket
from tests.stack.asking import ON_JOB

_ME = "{ me { id role } }"
_USERS = "{ users { items { id } } }"


async def _turned_away(arena: Arena, token: str, what: str, document: str = _ME) -> None:
    answer = await post(arena.client.outputs["graphqlUrl"], document, {}, {"authorization": token})
    arena.typed(answer, what)
    arena.holds(answer.errors and not any((answer.body.get("data") or {}).values()), f"{what} was let in")


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return jwt.get_unverified_header(token), claims(token)


def _plain(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@attack("tokens", short=True)
async def forged_tokens_are_turned_away(arena: Arena) -> None:
    real = arena.client.person("user").token
    header, said = _parts(real)
    admin = said | {"cognito:groups": ["admin"]}
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    head, body, signature = real.split(".")
    public = RSAAlgorithm.to_jwk(own.public_key())
    forged = {
        "unsigned": f"{_plain({**header, 'alg': 'none'})}.{_plain(admin)}.",
        "None": f"{_plain({**header, 'alg': 'None'})}.{_plain(admin)}.{signature}",
        "of another key": jwt.encode(admin, own, "RS256", {"kid": header["kid"]}),
        "with its own key": jwt.encode(admin, own, "RS256", {"kid": header["kid"], "jwk": json.loads(public)}),
        "with a key's address": jwt.encode(admin, own, "RS256", {"kid": "../../x", "jku": "http://evil.example"}),
        "symmetric": jwt.encode(admin, "k" * 64, "HS256", {"kid": header["kid"]}),
        "with other claims": f"{head}.{_plain(admin)}.{signature}",
        "without a signature": f"{head}.{body}.",
        "cut": real[:-10],
        "doubled": f"{real}.{real}",
        "with a NUL": f"{head}.{body}.{signature[:-1]}%00",
        "a list": f"{_plain(header)}.W10.{signature}",
        "empty": "Bearer ",
        "long": f"{head}.{'A' * 7000}.{signature}",
    }
    for what, token in forged.items():
        await _turned_away(arena, token, f"a token {what}")


@attack("tokens", short=True)
async def ended_tokens_are_turned_away(arena: Arena) -> None:
    """Signed out, disabled, demoted, gone: none of their tokens counts within seconds."""
    client = arena.client
    for what in ("setDisabled", "setRole", "deleteMe"):
        person = await client.new_user(admin=True)
        await arena.ask("Query.me", {}, person)
        if what == "deleteMe":
            done = await arena.ask("Mutation.deleteMe", {}, person)
        else:
            change = {"role": "USER"} if what == "setRole" else {"disabled": True}
            done = await arena.ask(f"Mutation.{what}", {"userId": person.sub, **change}, "admin")
        arena.holds(not done.errors, f"{what} failed: {done.body}")
        began = time.monotonic()
        while time.monotonic() - began < 5:
            answer = await post(client.outputs["graphqlUrl"], _USERS, {}, {"authorization": person.token})
            if answer.errors:
                break
        await _turned_away(arena, person.token, f"a token from before {what}")
        await _turned_away(arena, person.id_token, f"an id token from before {what}")
        refusal = await realtime_socket.start(
            client.outputs["graphqlUrl"],
            lambda _url, _text, token=person.token: {"Authorization": token},
            ON_JOB,
            {"owner": person.sub},
        )
        arena.holds(refusal, f"a subscription was begun with a token from before {what}")


@attack("tokens")
async def tokens_of_another_client_of_the_pool_are_turned_away(arena: Arena) -> None:
    """A second app client, as another product of the same company would have."""
    client = arena.client
    cognito, pool = client.boto("cognito-idp"), client.outputs["userPoolId"]
    made = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="another", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )
    other = made["UserPoolClient"]["ClientId"]
    try:
        person = await client.new_user()
        stranger = sign_in({**client.outputs, "userPoolClientId": other}, person.email, person.password)
        await _turned_away(arena, stranger.token, "an access token of another app client")
        await _turned_away(arena, stranger.id_token, "an id token of another app client")
        arena.holds(
            (await client.graphql(_ME, as_=person)).data["me"]["id"] == person.sub, "our own client's is refused"
        )
    finally:
        cognito.delete_user_pool_client(UserPoolId=pool, ClientId=other)


@attack("tokens")
async def tokens_of_another_pool_are_turned_away(arena: Arena) -> None:
    cognito = arena.client.boto("cognito-idp")
    pool = cognito.create_user_pool(PoolName="another")["UserPool"]["Id"]
    try:
        made = cognito.create_user_pool_client(
            UserPoolId=pool, ClientName="another", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )
        account = {"email": f"{uuid.uuid4().hex}@namo.test", "password": accounts.new_password()}
        accounts.create(arena.client.aws, pool, account, admin=False)
        outputs = {**arena.client.outputs, "userPoolId": pool, "userPoolClientId": made["UserPoolClient"]["ClientId"]}
        stranger: Person = sign_in(outputs, account["email"], account["password"])
        await _turned_away(arena, stranger.token, "a token of another pool")
    finally:
        cognito.delete_user_pool(UserPoolId=pool)


@attack("tokens")
async def no_log_of_the_stack_holds_a_token(arena: Arena) -> None:
    """Also where a request cannot be read: servers like to quote it."""
    url, token = arena.client.outputs["graphqlUrl"], arena.client.person("user").token
    async with aiohttp.ClientSession() as session:
        for header in (token, token + "A" * 9000):
            async with session.post(url, data="{}", headers={"authorization": header}) as answer:
                await answer.read()
    start = token[:60]
    for function in arena.client.outputs["functions"]:
        arena.holds(not arena.behind.lines(function, start), f"the log of {function} holds a token")
    for log in arena.logs.rglob("*.log") if arena.logs else ():
        arena.holds(start not in log.read_text(errors="replace"), f"{log.name} holds a token")
