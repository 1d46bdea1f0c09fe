"""People, and what they used in a day."""

import strawberry

from schema.directives import SYSTEM, USER, USER_AND_SYSTEM
from schema.jobs import ImageSet
from schema.scalars import AWSDate, AWSDateTime, AWSEmail
from studio.people.model import Language, Role

strawberry.enum(Role, description="ADMIN is a member of the user pool's group of that name.")
strawberry.enum(Language, description="In which language the studio writes: English or Vietnamese.")


@strawberry.type(directives=USER_AND_SYSTEM, description="A person with an account.")
class User:
    id: strawberry.ID = strawberry.field(description="The user pool's sub: what owner means everywhere.")
    email: AWSEmail
    name: str | None
    language: Language = strawberry.field(description="Of mail from the studio; EN until it is changed.")
    mailing: bool = strawberry.field(
        description="Whether mail that is not about money already paid, or an order, is wanted; true until changed."
    )
    avatar: ImageSet | None = strawberry.field(
        description="The picture that they show, a copy of their own; null where they have none."
    )
    role: Role
    points: int = strawberry.field(description="The balance: always the sum of the points history.")
    disabled: bool
    created_at: AWSDateTime


@strawberry.type(directives=SYSTEM, description="Somebody who was disabled, demoted, or has left.")
class ShutOut:
    owner: strawberry.ID


@strawberry.type(directives=USER, description="One page of people, newest first.")
class UserConnection:
    items: list[User]
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
    model: str
    images: int
    points: int
    free_images: int
    free_left: int = strawberry.field(description="Free images still left on that day.")


@strawberry.type(directives=USER, description="What a person used on one day, UTC; what was refunded is not in it.")
class Usage:
    day: AWSDate
    images: int
    free_images: int
    points: int
    by_model: list[ModelUsage]
