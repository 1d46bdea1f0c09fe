"""The root fields of people and their points, and of the audit trail."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from schema.arguments import INPUT, Day, Email, Event, Limit, NextToken, OfPerson, OptionalPersonId, Owner
from schema.audit import AuditRecordConnection
from schema.directives import ADMIN, SYSTEM, USER, Subscribe
from schema.people import ShutOut, UpdateMeInput, Usage, User, UserConnection
from schema.points import GrantPointsInput, PointsEntryConnection
from studio.people.model import Role


@strawberry.type
class Queries:
    @strawberry.field(directives=USER, description="The caller.")
    def me(self) -> User: ...

    @strawberry.field(directives=USER, description="What the caller used on one day.")
    def usage(self, day: Day = strawberry.UNSET) -> Usage: ...

    @strawberry.field(directives=USER, description="The caller's ledger, newest first.")
    def points_history(
        self, limit: Limit = strawberry.UNSET, next_token: NextToken = strawberry.UNSET
    ) -> PointsEntryConnection: ...

    @strawberry.field(directives=ADMIN, description="Anybody's ledger, newest first.")
    def points_history_of(
        self, user_id: OfPerson, limit: Limit = strawberry.UNSET, next_token: NextToken = strawberry.UNSET
    ) -> PointsEntryConnection: ...

    @strawberry.field(directives=ADMIN, description="A person by id or by e-mail address, else null.")
    def user(self, user_id: OptionalPersonId = strawberry.UNSET, email: Email = strawberry.UNSET) -> User | None: ...

    @strawberry.field(directives=ADMIN, description="Everyone who is as asked for, newest first.")
    def users(
        self,
        text: Annotated[
            str | None, strawberry.argument(description="Part of a name or an e-mail address, in any case.")
        ] = strawberry.UNSET,
        role: Annotated[Role | None, strawberry.argument(description="Only those of this role.")] = strawberry.UNSET,
        disabled: Annotated[
            bool | None, strawberry.argument(description="Only those who are disabled, or with false are not.")
        ] = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: NextToken = strawberry.UNSET,
    ) -> UserConnection: ...

    @strawberry.field(
        directives=ADMIN, description="What was done on a day, or to somebody; by default today. Newest first."
    )
    def audit_trail(
        self,
        day: Day = strawberry.UNSET,
        subject: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Only what was done to this person or thing; with day, on that day."),
        ] = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: NextToken = strawberry.UNSET,
    ) -> AuditRecordConnection: ...


@strawberry.type
class Mutations:
    @strawberry.mutation(directives=ADMIN, description="Gives a person points, or takes some back.")
    def grant_points(self, grant: Annotated[GrantPointsInput, INPUT]) -> User: ...

    @strawberry.mutation(directives=USER, description="Changes what the caller may change of themselves.")
    def update_me(self, changes: Annotated[UpdateMeInput, INPUT]) -> User: ...

    @strawberry.mutation(
        directives=USER, description="Removes the caller and all that is theirs, at once for them; answers their id."
    )
    def delete_me(self) -> strawberry.ID: ...

    @strawberry.mutation(directives=ADMIN, description="Makes somebody an administrator, or no longer one.")
    def set_role(
        self, user_id: OfPerson, role: Annotated[Role, strawberry.argument(description="What they are to be.")]
    ) -> User: ...

    @strawberry.mutation(
        directives=ADMIN,
        description="Locks somebody out at once, open subscriptions too, or lets them in.",
    )
    def set_disabled(
        self,
        user_id: OfPerson,
        disabled: Annotated[bool, strawberry.argument(description="True locks them out, false lets them in.")],
    ) -> User: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onMe.")
    def publish_user(self, user: Event) -> User | None: ...

    @strawberry.mutation(directives=SYSTEM, description="Ends onMe, onUpload and onJobDeleted of who is shut out.")
    def publish_shut_out(self, person: Event) -> ShutOut | None: ...


@strawberry.type
class Subscriptions:
    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishUser"])),
        description="The caller, whenever their points, name, language, mailing, avatar or role change. When they are"
        " disabled, demoted or leave, nothing is pushed: it ends, as every subscription of theirs does.",
    )
    def on_me(self, owner: Owner) -> AsyncGenerator[User | None, None]: ...
