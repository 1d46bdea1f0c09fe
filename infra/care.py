"""The caretaker: makes Cognito follow people's rows, and removes those who leave."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets

from infra import environment
from infra.boards import Boards
from infra.function import Background
from infra.functions import CARETAKER
from infra.interfaces import as_interface
from infra.maker import Maker
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


def add_caretaker(maker: Maker, boards: Boards, pool: cognito.UserPool) -> None:
    """Make the function, and have it run each minute."""
    # A run that failed is not tried again: the next is a minute away.
    background = Background(retries=0, max_age=60)
    variables = environment.caretaker(maker.data, pool.user_pool_id, boards.queue.queue_url)
    remove = _on_users(pool, ["AdminDeleteUser"])
    function = maker.make(CARETAKER, variables, to_follow(pool), remove, boards.to_tell, background=background)
    target = as_interface(targets.LambdaFunction(as_interface(function.function)))
    events.Rule(maker.scope, "CaretakerDue", schedule=events.Schedule.rate(Duration.minutes(1)), targets=[target])


def _on_users(pool: cognito.UserPool, actions: Sequence[str]) -> Right:
    return Right([f"cognito-idp:{action}" for action in actions], [pool.user_pool_arn])
