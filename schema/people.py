"""People, and what they used in a day."""

import strawberry

from schema.directives import SYSTEM, USER, USER_AND_SYSTEM
from schema.enums import described
from schema.jobs import ImageSet
from schema.scalars import AWSDate, AWSDateTime, AWSEmail
from studio.people.model import Language, Role

described(
    Role,
    "What somebody may do.",
    USER="Uses the studio.",
    ADMIN="Runs it too: a member of the user pool's group of that name.",
)
described(
    Language,
    "In which language the studio writes: English or Vietnamese.",
    EN="English.",
    VI="Vietnamese.",
)


@strawberry.type(directives=USER_AND_SYSTEM, description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="The user pool's sub: what owner means everywhere.")
    version: int = strawberry.field(
        description="Grows with every change that onMe pushes, and may skip numbers: drop what is not newer than you"
        " have."
    )
    email: AWSEmail = strawberry.field(description="The address of the account.")
    name: str | None = strawberry.field(description="What they call themselves; null where they have not said.")
    language: Language = strawberry.field(description="Of mail from the studio; EN until it is changed.")
    mailing: bool = strawberry.field(
        description="Whether mail that is not about money already paid, or an order, is wanted; true until changed."
    )
    avatar: ImageSet | None = strawberry.field(
        description="The picture that they show, a copy of their own; null where they have none."
    )
    role: Role = strawberry.field(description="What they may do.")
    points: int = strawberry.field(description="The balance: always the sum of the points history.")
    disabled: bool = strawberry.field(description="Whether an administrator has locked them out.")
    created_at: AWSDateTime = strawberry.field(description="When they came.")


@strawberry.type(directives=SYSTEM, description="Somebody who was disabled, demoted, or has left.")
class ShutOut:
    owner: strawberry.ID = strawberry.field(description="The id of who is shut out.")


@strawberry.type(directives=USER, description="One page of people, newest first.")
class UserConnection:
    items: list[User] = strawberry.field(description="The people of this page.")
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.input(description="What people may change of themselves.")
class UpdateMeInput:
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="1 to 100 characters; null takes the name away."
    )
    language: Language | None = strawberry.field(
        default=strawberry.UNSET, description="Of mail from the studio; null changes nothing."
    )
    mailing: bool | None = strawberry.field(
        default=strawberry.UNSET, description="False stops all mail but receipts and the like; null changes nothing."
    )
    avatar: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The id of an upload of the caller's that is ready, of purpose AVATAR; null takes the avatar away.",
    )


@strawberry.type(directives=USER, description="One model's part of a day.")
class ModelUsage:
    model: str = strawberry.field(description="The model's id.")
    images: int = strawberry.field(description="Images made with it, free ones too.")
    points: int = strawberry.field(description="Points spent on it.")
    free_images: int = strawberry.field(description="Free images used of it.")
    free_left: int = strawberry.field(description="Free images still left on that day.")


@strawberry.type(directives=USER, description="What a person used on one day, UTC; what was refunded is not in it.")
class Usage:
    day: AWSDate = strawberry.field(description="The day, UTC.")
    images: int = strawberry.field(description="Images made, free ones too.")
    free_images: int = strawberry.field(description="Free images used.")
    points: int = strawberry.field(description="Points spent.")
    by_model: list[ModelUsage] = strawberry.field(
        description="The same for each model that was used, or has free images."
    )
