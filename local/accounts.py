"""People who can sign in: the two demo accounts, and as many more as a test wants."""

import json
import secrets
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from local import documents
from local.client import Person, sign_in
from local.ministack import Aws

Account = dict[str, str]
DEMO: Final = {"user": "user@namo.test", "admin": "admin@namo.test"}
ADMIN_GROUP: Final = "admin"


def remembered(path: Path) -> dict[str, Account]:
    """The demo accounts, with passwords made once for each folder of state."""
    if not path.exists():
        path.write_text(json.dumps({who: {"email": email, "password": new_password()} for who, email in DEMO.items()}))
        path.chmod(0o600)
    return json.loads(path.read_text())


def new_password() -> str:
    """One that every sensible policy takes: 18 characters, upper, lower, digit and symbol."""
    return f"Namo-{secrets.token_hex(6)}9"


def ensure_demo(aws: Aws, pool: str, accounts: Mapping[str, Account]) -> None:
    for who, account in accounts.items():
        if not _exists(aws.client("cognito-idp"), pool, account["email"]):
            create(aws, pool, account, admin=who == "admin")


def promote_demo_administrator(outputs: Mapping[str, str], accounts: Mapping[str, Account]) -> str | None:
    """Make the demo's administrator one as a stage's first becomes one: by `setRole` on themselves. Return why not."""
    account = accounts["admin"]
    try:
        person = sign_in(outputs, account["email"], account["password"])
    except ClientError as error:
        return str(error)
    errors = _ask_for_role(outputs["graphqlUrl"], person).get("errors")
    return f"{account['email']} is no administrator: {errors[0]['message']}" if errors else None


def _ask_for_role(graphql_url: str, person: Person) -> dict[str, Any]:
    body = json.dumps({"query": documents.SET_ADMIN, "variables": {"id": person.sub}}).encode()
    headers = {"content-type": "application/json", "authorization": person.token}
    request = urllib.request.Request(graphql_url, body, headers)  # noqa: S310  # our own server
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return json.load(answer)


def create(aws: Aws, pool: str, account: Account, *, admin: bool = False) -> str:
    """Sign a confirmed person up, in Cognito's group of administrators or not, and return their `sub`."""
    cognito = aws.client("cognito-idp")
    who = {"UserPoolId": pool, "Username": account["email"]}
    attributes = [{"Name": "email", "Value": account["email"]}, {"Name": "email_verified", "Value": "true"}]
    made = cognito.admin_create_user(**who, UserAttributes=attributes, MessageAction="SUPPRESS")["User"]
    cognito.admin_set_user_password(**who, Password=account["password"], Permanent=True)
    if admin:
        cognito.admin_add_user_to_group(**who, GroupName=ADMIN_GROUP)
    return next(each["Value"] for each in made["Attributes"] if each["Name"] == "sub")


def _exists(cognito: Any, pool: str, email: str) -> bool:
    try:
        cognito.admin_get_user(UserPoolId=pool, Username=email)
    except ClientError as error:
        if "UserNotFound" in str(error):
            return False
        raise
    return True
