"""Cognito's user pool, as it is made to follow the rows: every call can be repeated."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from studio.people.model import Role

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

ADMINS = "admin"
# Whoever waits for a change has the row's word already: a call that hangs is given up while there is time to answer.
_PATIENCE = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})


class UserPool:
    """Users by their user name, which in this pool is the `sub`. What is asked of one who is gone is done."""

    def __init__(self, user_pool_id: str, client: "Callable[[], CognitoIdentityProviderClient] | None" = None) -> None:
        self._pool = user_pool_id
        self._make = client or (lambda: boto3.client("cognito-idp", config=_PATIENCE))

    @cached_property
    def client(self) -> "CognitoIdentityProviderClient":
        return self._make()

    def set_role(self, sub: str, role: Role) -> None:
        of_group = self.client.admin_add_user_to_group, self.client.admin_remove_user_from_group
        self._ask(of_group[role != Role.ADMIN], sub, GroupName=ADMINS)

    def set_name(self, sub: str, name: str | None) -> None:
        """Set or take away the name; Cognito takes an attribute away that is set to nothing."""
        self._ask(self.client.admin_update_user_attributes, sub, UserAttributes=[{"Name": "name", "Value": name or ""}])

    def enable(self, sub: str) -> None:
        self._ask(self.client.admin_enable_user, sub)

    def disable(self, sub: str) -> None:
        self._ask(self.client.admin_disable_user, sub)

    def sign_out(self, sub: str, *, disabled: bool) -> None:
        """End every session: no token of before is renewed. Who is disabled renews none, and Cognito may refuse it."""
        try:
            self._ask(self.client.admin_user_global_sign_out, sub)
        except self.client.exceptions.NotAuthorizedException:
            if not disabled:
                raise

    def delete(self, sub: str) -> None:
        self._ask(self.client.admin_delete_user, sub)

    def _ask(self, call: Callable[..., Any], sub: str, **more: Any) -> None:
        try:
            call(UserPoolId=self._pool, Username=sub, **more)
        except self.client.exceptions.UserNotFoundException:
            return
