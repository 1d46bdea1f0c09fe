"""The reconciler of accounts: makes Cognito follow people's rows, and removes those who leave."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito

from infra import environment
from infra.boards import Boards
from infra.factory import FunctionFactory
from infra.functions import ACCOUNTS_RECONCILER
from infra.permissions import Right

# What makes a user follow their row: group, sign-in, sessions, name.
_FOLLOWING = (
    "AdminAddUserToGroup",
    "AdminRemoveUserFromGroup",
    "AdminEnableUser",
    "AdminDisableUser",
    "AdminUserGlobalSignOut",
    "AdminUpdateUserAttributes",
)


def to_follow(pool: cognito.UserPool) -> Right:
    """Return the right to bring the pool's users in step with their rows."""
    return _on_users(pool, _FOLLOWING)


def add_accounts_reconciler(factory: FunctionFactory, boards: Boards, pool: cognito.UserPool) -> None:
    """Make the function, and have it run each minute."""
    variables = environment.accounts_reconciler(factory.data, pool.user_pool_id, boards.queue.queue_url)
    remove = _on_users(pool, ["AdminDeleteUser"])
    factory.make_timed(ACCOUNTS_RECONCILER, Duration.minutes(1), variables, to_follow(pool), remove, boards.to_tell)


def _on_users(pool: cognito.UserPool, actions: Sequence[str]) -> Right:
    return Right([f"cognito-idp:{action}" for action in actions], [pool.user_pool_arn])
