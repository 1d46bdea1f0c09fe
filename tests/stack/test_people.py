"""Who is shut out is so at once, everywhere; a role reaches Cognito; who leaves leaves nothing behind."""

import asyncio
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore import Client

from local import accounts
from local.client import Answer, Person, sign_in
from tests.access import DECISIONS
from tests.access import Answer as Decided
from tests.sdl import committed, operation
from tests.stack import realtime_socket
from tests.stack.asking import generate, get, until
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.files import noise, png, upload

pytestmark = pytest.mark.asyncio

SCHEMA = committed()
WITHIN_SECONDS = 5
ID = str(uuid.uuid4())
WISH = {"clientRequestId": "r", "model": "nanobanana-pro", "prompt": "a quiet harbour at dawn"}
FILE = {"kind": "ALBUM_PDF", "albumId": ID, "quantity": 1}
INPUTS: Mapping[str, dict[str, Any]] = {
    "quote": {"model": "nanobanana-pro", "kind": "GENERATE"},
    "generateImages": WISH,
    "editImage": {**WISH, "image": ID, "mask": ID, "mode": "INPAINT_REMOVE"},
    "syncCamera": {**WISH, "image": ID, "yaw": 1.0, "pitch": 0.0},
    "transferTexture": {**WISH, "image": ID, "texture": ID},
    "upscaleImage": {**WISH, "image": ID},
    "removeBackground": {**WISH, "image": ID},
    "varyImage": {**WISH, "image": ID},
    "createUpload": {"fileName": "a.png", "contentType": "image/png", "byteSize": 9, "purpose": "REFERENCE"},
    "createAlbum": {"name": "Harbours"},
    "updateAlbum": {"name": "Harbours"},
    "createCollage": {"name": "Harbours", "template": "MOSAIC"},
    "updateCollage": {"name": "Harbours", "template": "MOSAIC"},
    "updateMe": {"name": "Ada"},
    "quoteOrder": {"items": [FILE], "currency": "VND"},
    "createOrder": {"clientRequestId": "r", "items": [FILE], "currency": "VND"},
    "createPayment": {"clientRequestId": "r", "packageId": "points-100", "provider": "VNPAY", "currency": "VND"},
}
ARGUMENTS = {
    "id": ID,
    "jobId": ID,
    "uploadId": ID,
    "clientRequestId": "r",
    "requestId": "r",
    "ids": [ID],
    "base": "USD",
    "quote": "SGD",
    "currency": "SGD",
    "shared": True,
    "product": "PRINT",
    "address": {"name": "Ada", "line1": "1 Orchard Road", "city": "Singapore", "countryCode": "SG"},
}
FIELDS = [
    field
    for field, decision in DECISIONS.items()
    if decision.user is not Decided.FORBIDDEN and not field.startswith("Subscription.")
]


def given(field: str) -> dict[str, Any]:
    """Return something fit for every argument that a field needs."""
    name = field.split(".")[1]
    values = ARGUMENTS | ({"input": INPUTS[name]} if name in INPUTS else {})
    return {argument: value for argument, value in values.items() if f"${argument}:" in operation(SCHEMA, field)}


async def ask(client: StackClient, as_: Person, field: str, **variables: Any) -> Answer:
    return await client.graphql(operation(SCHEMA, field), variables or given(field), as_)


async def data(client: StackClient, as_: Person, field: str, **variables: Any) -> Any:
    return (await ask(client, as_, field, **variables)).data[field.split(".")[1]]


async def refused(client: StackClient, person: Person, fields: list[str], type_: str) -> None:
    """Ask all these fields, again and again, until each is refused; what is asked after some seconds has to be."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while True:
        begun = time.monotonic()
        answers = await asyncio.gather(*(ask(client, person, field) for field in fields))
        types = {field: each.error_types for field, each in zip(fields, answers, strict=True)}
        if not (others := {field: found for field, found in types.items() if found != [type_]}):
            return
        assert begun < deadline, others


async def follows(client: StackClient, person: Person) -> str | None:
    """Try to subscribe, and return why not."""
    url, document = client.outputs["graphqlUrl"], operation(SCHEMA, "Subscription.onJob")
    token = {"Authorization": person.token}
    return await realtime_socket.start(url, lambda _url, _text: token, document, {"owner": person.sub})


async def signed_in_again(client: StackClient, person: Person) -> Person:
    """Sign in until the token is of a later second than what ended the ones before."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while True:
            again = sign_in(client.outputs, person.email, person.password)
            if not (await ask(client, again, "Query.me")).errors:
                return again


def session(client: StackClient, person: Person) -> str:
    """Sign in, and return what renews the tokens."""
    given = {"USERNAME": person.email, "PASSWORD": person.password}
    cognito, app = client.boto("cognito-idp"), client.outputs["userPoolClientId"]
    answer = cognito.initiate_auth(ClientId=app, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    return answer["AuthenticationResult"]["RefreshToken"]


def renewed(client: StackClient, refresh: str) -> bool:
    cognito, app = client.boto("cognito-idp"), client.outputs["userPoolClientId"]
    given = {"REFRESH_TOKEN": refresh}
    try:
        cognito.initiate_auth(ClientId=app, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=given)
    except cognito.exceptions.NotAuthorizedException:
        return False
    return True


async def test_who_is_disabled_can_do_nothing_within_seconds_until_let_in_and_signed_in_again(
    client: StackClient,
) -> None:
    person, admin = await client.new_user(), await client.new_user(admin=True)
    (job,) = await generate(client, person, WISH)
    refresh = session(client, person)
    assert renewed(client, refresh)
    async with client.subscribe(as_=person) as events:
        await client.ended(job["id"], person)
        assert (await data(client, admin, "Mutation.setDisabled", userId=person.sub, disabled=True))["disabled"]
        async with asyncio.timeout(WITHIN_SECONDS):
            received = [event async for event in events]  # until the API ends it
    assert all(event["onJob"]["id"] == job["id"] for event in received)
    await refused(client, person, FIELDS, "USER_DISABLED")
    assert await follows(client, person) == "USER_DISABLED"
    assert not renewed(client, refresh)

    await data(client, admin, "Mutation.setDisabled", userId=person.sub, disabled=False)
    await refused(client, person, FIELDS, "UNAUTHORIZED")
    assert not renewed(client, refresh), "sessions of before stay ended"
    again = await signed_in_again(client, person)
    assert (await data(client, again, "Query.me"))["id"] == person.sub
    trail = await data(client, admin, "Query.auditTrail", subject=person.sub)
    assert [record["act"] for record in trail["items"]] == ["DISABLED_SET", "DISABLED_SET"]


async def test_a_role_holds_from_the_next_sign_in_and_ends_at_once(client: StackClient) -> None:
    person, admin = await client.new_user(), await client.new_user(admin=True)
    assert (await ask(client, person, "Query.users")).error_types == ["Unauthorized"]
    await data(client, person, "Query.me")
    assert (await data(client, admin, "Mutation.setRole", userId=person.sub, role="ADMIN"))["role"] == "ADMIN"
    promoted = sign_in(client.outputs, person.email, person.password)
    found = await data(client, promoted, "Query.user", email=person.email.upper())
    assert (found["id"], found["role"]) == (person.sub, "ADMIN")
    assert (await data(client, promoted, "Query.users", limit=1))["items"][0]["id"]

    assert (await data(client, admin, "Mutation.setRole", userId=person.sub, role="USER"))["role"] == "USER"
    await refused(client, promoted, ["Query.users", "Query.me"], "UNAUTHORIZED")
    demoted = await signed_in_again(client, person)
    assert (await ask(client, demoted, "Query.users")).error_types == ["Unauthorized"]


async def test_cognitos_group_opens_nothing_but_what_is_recorded(client: StackClient) -> None:
    account = {"email": f"{uuid.uuid4().hex}@namo.test", "password": accounts.new_password()}
    accounts.create(client.aws, client.outputs["userPoolId"], account, admin=True)
    person, admin = sign_in(client.outputs, account["email"], account["password"]), await client.new_user(admin=True)
    assert (await data(client, person, "Query.me"))["role"] == "USER"
    assert (await ask(client, person, "Query.users")).error_types == ["UNAUTHORIZED"]
    assert (await data(client, person, "Mutation.setRole", userId=person.sub, role="ADMIN"))["role"] == "ADMIN"
    (record,) = (await data(client, person, "Query.auditTrail", subject=person.sub))["items"]
    assert (record["act"], record["actor"]) == ("ROLE_SET", person.sub)

    await data(client, admin, "Mutation.setRole", userId=person.sub, role="USER")
    client.boto("cognito-idp").admin_add_user_to_group(
        UserPoolId=client.outputs["userPoolId"], Username=person.sub, GroupName="admin"
    )
    again = await signed_in_again(client, person)
    back = await ask(client, again, "Mutation.setRole", userId=person.sub, role="ADMIN")
    assert back.error_types == ["UNAUTHORIZED"], "whom another demoted another has to promote"


async def test_a_new_name_reaches_cognito(client: StackClient) -> None:
    person = await client.new_user()
    assert (await data(client, person, "Mutation.updateMe", input={"name": " Ada "}))["name"] == "Ada"
    user = client.boto("cognito-idp").admin_get_user(UserPoolId=client.outputs["userPoolId"], Username=person.sub)
    assert {"Name": "name", "Value": "Ada"} in user["UserAttributes"]


async def test_what_cognito_missed_the_reconciler_finishes(client: StackClient) -> None:
    """A row that says administrator, written as a change does whose function then died."""
    person = await client.new_user()
    await data(client, person, "Query.me")
    client.boto("dynamodb").update_item(
        TableName=client.outputs["tables"]["People"],
        Key={"id": {"S": person.sub}},
        UpdateExpression="SET #role = :role, unsettled = :mark, since = :since, ahead = :ahead",
        ExpressionAttributeNames={"#role": "role"},
        ExpressionAttributeValues={
            ":role": {"S": "ADMIN"},
            ":mark": {"S": "unsettled"},
            ":since": {"S": "2026-11-21T00:00:00.000Z"},
            ":ahead": {"L": [{"S": "role"}]},
        },
    )
    assert Behind(client).invoke("accounts-reconciler", {})["errors"] == 0
    promoted = sign_in(client.outputs, person.email, person.password)
    assert (await ask(client, promoted, "Query.users")).errors == []


@pytest.fixture
def firestore(client: StackClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", client.outputs["firestoreHost"])
    store = Client(project="namo-local", credentials=AnonymousCredentials())
    yield store
    store.close()


def rows(client: StackClient, table: str, owner: str) -> list[dict[str, Any]]:
    return client.boto("dynamodb").scan(
        TableName=client.outputs["tables"][table],
        FilterExpression="#owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": owner}},
    )["Items"]


def known_to_cognito(client: StackClient, person: Person) -> bool:
    found = client.boto("cognito-idp").list_users(
        UserPoolId=client.outputs["userPoolId"], Filter=f'sub = "{person.sub}"'
    )
    return bool(found["Users"])


async def test_who_leaves_leaves_nothing_behind(client: StackClient, firestore: Client) -> None:
    person, admin, behind = await client.new_user(), await client.new_user(admin=True), Behind(client)
    link = {"boardId": uuid.uuid4().hex}
    items = firestore.collection(f"boards/{link['boardId']}/items")

    def shown() -> int:
        return len(items.get(timeout=10))

    (job,) = await generate(client, person, {**WISH, "link": link})
    await client.ended(job["id"], person)
    places = behind.places_of(job["id"])
    picture = await upload(client, person, png(noise(64, 48)), link=link)
    await until(lambda: shown() == 2)

    assert await data(client, person, "Mutation.deleteMe") == person.sub
    await refused(client, person, FIELDS, "USER_DISABLED")
    assert await follows(client, person) == "USER_DISABLED"
    tables = ("Jobs", "Uploads", "Requests", "Usage")
    await until(lambda: not any(rows(client, table, person.sub) for table in tables))
    await until(lambda: shown() == 0)
    await until(lambda: not behind.stored(*places))  # sizes that were being made meanwhile go when they are done
    assert behind.stored(f"uploads/{person.sub}/", f"quarantine/{person.sub}/", f"resized/{picture}/") == []
    assert not known_to_cognito(client, person)

    row = client.boto("dynamodb").get_item(TableName=client.outputs["tables"]["People"], Key={"id": {"S": person.sub}})[
        "Item"
    ]
    assert not row.keys() & {"email", "name", "listed"}
    assert await data(client, admin, "Query.user", id=person.sub) is None
    assert (await ask(client, admin, "Mutation.setRole", userId=person.sub, role="ADMIN")).error_types == [
        "USER_UNKNOWN"
    ]
    assert await get(client, admin, "job", id=job["id"]) is None
    (record,) = (await data(client, admin, "Query.auditTrail", subject=person.sub))["items"]
    assert (record["act"], record["actor"]) == ("PERSON_LEFT", person.sub)


async def test_a_token_of_another_app_client_of_the_same_pool_opens_nothing(client: StackClient) -> None:
    person, pool = await client.new_user(), client.outputs["userPoolId"]
    cognito = client.boto("cognito-idp")
    other = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="other", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    )["UserPoolClient"]["ClientId"]
    stranger = sign_in({**client.outputs, "userPoolClientId": other}, person.email, person.password)
    for token, status in ((person.token, 200), (person.id_token, 200), (stranger.token, 401), (stranger.id_token, 401)):
        answer = await client.graphql(operation(SCHEMA, "Query.me"), {}, replace(person, token=token))
        assert answer.status == status
    assert await follows(client, stranger) is not None


async def test_an_administrator_who_is_demoted_in_the_midst_of_grants_makes_none_after_the_answer(
    client: StackClient,
) -> None:
    admin, other, person = await client.new_user(admin=True), await client.new_user(admin=True), await client.new_user()
    await data(client, other, "Query.me")
    await data(client, admin, "Query.me")

    async def grant() -> Answer:
        gift = {"clientRequestId": str(uuid.uuid4()), "userId": person.sub, "points": 1, "note": "A test."}
        return await ask(client, admin, "Mutation.grantPoints", input=gift)

    before = asyncio.gather(*(grant() for _ in range(10)))
    await data(client, other, "Mutation.setRole", userId=admin.sub, role="USER")
    known = await client.points(person)
    await before
    late = await asyncio.gather(*(grant() for _ in range(10)))
    assert {error for answer in late for error in answer.error_types} == {"UNAUTHORIZED"}
    granted = sum(not answer.errors for answer in before.result())
    assert await client.points(person) == 20 + granted
    assert known <= 20 + granted


async def test_who_comes_back_has_no_second_grant(client: StackClient) -> None:
    name, password = uuid.uuid4().hex, accounts.new_password()
    points: list[int] = []
    for email in (f"{name}@gmail.com", f"{name[:3]}.{name[3:]}+again@googlemail.com"):
        account = {"email": email, "password": password}
        accounts.create(client.aws, client.outputs["userPoolId"], account)
        person = sign_in(client.outputs, email, password)
        points.append(await client.points(person))
        assert await data(client, person, "Mutation.deleteMe") == person.sub
        await until(lambda person=person: not known_to_cognito(client, person))
    assert points == [20, 0]
