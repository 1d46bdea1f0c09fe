"""What a mailbox is given once it is given once: who leaves and signs up again goes on where they were."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from studio.clock import millis
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.people.addresses import Addresses
from studio.people.join import Profile
from studio.people.model import Caller, Role
from tests.unit.fault_injection import preceded
from tests.unit.studio.mailboxes import ADA, FREE, free_left, leave, person, use_free
from tests.unit.studio.office import Office
from tests.unit.world import NOON, World, person_creator


@pytest.mark.parametrize(
    "email",
    [
        ADA,
        "Ada.Lovelace@Gmail.com",
        "adalovelace@gmail.com",
        "a.d.a.lovelace@googlemail.com",
        "ada.lovelace+studio@gmail.com",
        "adalovelace+1+2@googlemail.com",
        "\uff41da.lovelace@gmail\uff0ecom",
        "ada.lovelace@gmail.com.",
    ],
)
def test_who_leaves_and_comes_back_has_no_second_grant(office: Office, email: str) -> None:
    first = office.hire(ADA)
    assert person(office, first).points == 20
    use_free(office, first, 2)
    leave(office, first)
    again = office.hire(email)
    assert person(office, again).points == 0
    assert office.world.entries(again) == []
    assert office.world.drift(again) == 0
    assert free_left(office, again) == 1
    leave(office, again)
    assert free_left(office, office.hire(ADA)) == 1, "whatever was taken on the way"


def test_a_new_day_has_new_free_images_and_no_new_grant(office: Office) -> None:
    first = office.hire(ADA)
    use_free(office, first, 3)
    leave(office, first)
    office.world.later(86_400)
    again = office.hire(ADA)
    assert (person(office, again).points, free_left(office, again)) == (0, FREE)


def test_others_have_theirs(office: Office) -> None:
    leave(office, office.hire(ADA))
    for email in ("ada.lovelace@namo.test", "adalovelace@namo.test", "grace@gmail.com", "ada_lovelace@gmail.com"):
        other = office.hire(email)
        assert (person(office, other).points, free_left(office, other)) == (20, FREE)


def test_another_spelling_of_a_mailbox_that_is_here_has_neither_grant_nor_free_images(office: Office) -> None:
    first = office.hire(ADA)
    use_free(office, first, 1)
    other = office.hire("adalovelace+1@gmail.com")
    assert (person(office, other).points, free_left(office, other)) == (0, 0)
    office.world.later(86_400)
    assert (free_left(office, first), free_left(office, other)) == (FREE, 0)
    leave(office, other)
    use_free(office, first, 2)
    leave(office, first)
    again = office.hire("adalovelace+1@gmail.com")
    assert free_left(office, again) == 1, "the other one's leaving forgot nothing"


def test_brakes_go_on_when_somebody_comes_back(office: Office) -> None:
    first = office.hire(ADA)
    closed = millis(NOON + timedelta(hours=1))
    office.world.people.apply(
        update({"id": first.sub}, set={"closedUntil": closed, "closedBy": "blocks", "blocks": [millis(NOON)] * 11})
    )
    leave(office, first)
    again = office.hire(ADA)
    row = person(office, again)
    assert (row.closed_until, row.closed_by, len(row.counted["blocks"])) == (closed, "blocks", 11)
    with pytest.raises(StudioError) as error:
        office.world.generate(again)
    assert error.value.type == ErrorType.GENERATION_CLOSED


def test_an_address_that_somebody_has_who_has_not_left_is_theirs(office: Office) -> None:
    first = office.hire(ADA)
    use_free(office, first, 1)
    office.cognito.users[first.sub].attributes["email"] = "ada.lovelace+1@gmail.com"  # and no sign-in since
    again = office.hire(ADA)
    assert (person(office, again).points, free_left(office, again), free_left(office, first)) == (0, 0, 2)
    office.world.later(86_400)
    assert (free_left(office, again), free_left(office, first)) == (0, FREE)
    leave(office, again)
    assert free_left(office, office.hire(ADA)) == 0, "it was never theirs to pass on"


def test_an_address_that_was_changed_on_the_way_is_known_all_the_same(office: Office) -> None:
    first = office.hire(ADA)
    office.world.people.apply(update({"id": first.sub}, set={"email": "countess@namo.test"}))
    use_free(office, first, 3)
    leave(office, first)
    for email in (ADA, "countess@namo.test"):
        again = office.hire(email)
        assert (person(office, again).points, free_left(office, again)) == (0, 0)


def test_who_was_here_before_addresses_were_remembered_is_so_when_they_leave(office: Office) -> None:
    first = office.hire(ADA)
    for row in office.world.client.scan(TableName="Addresses")["Items"]:
        office.world.client.delete_item(TableName="Addresses", Key={"address": row["address"]})
    office.world.people.apply(update({"id": first.sub}, remove=("address",)))
    leave(office, first)
    assert person(office, office.hire(ADA)).points == 0


def test_a_free_image_taken_in_the_moment_of_leaving_is_remembered(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, client = office.hire(ADA), office.world.client
    write = preceded(client.transact_write_items, lambda: use_free(office, first, 1))
    monkeypatch.setattr(client, "transact_write_items", write)
    leave(office, first)
    assert free_left(office, office.hire(ADA)) == FREE - 1


def test_nothing_of_an_address_is_kept(office: Office) -> None:
    leave(office, office.hire(ADA))
    for table in ("Addresses", "People"):
        kept = repr(office.world.client.scan(TableName=table)["Items"]).casefold()
        assert "lovelace" not in kept
        assert "gmail" not in kept
    (row,) = office.world.client.scan(TableName="People")["Items"]
    assert "address" not in row, "whose the hash was is not to be seen either"


def test_a_new_key_knows_what_the_old_one_knew(office: Office) -> None:
    leave(office, office.hire(ADA))
    world, old = office.world, {"1": "a key of addresses"}
    rotated = replace(
        person_creator(world.client, 20),
        addresses=Addresses("Addresses", lambda: {"2": "another", **old}, world.client),
    )
    rotated.join(Profile("back", ADA, None), NOON)
    rotated.join(Profile("new", "grace@gmail.com", None), NOON)
    other_key = replace(rotated, addresses=Addresses("Addresses", lambda: {"2": "another"}, world.client))
    other_key.join(Profile("newer", "gra.ce@gmail.com", None), NOON)
    points = [world.person(Caller(sub, Role.USER)).points for sub in ("back", "new", "newer")]
    assert points == [0, 20, 0]


@pytest.mark.parametrize("emails", [[ADA] * 8, [ADA, "adalovelace@gmail.com", "ada.lovelace+9@googlemail.com"] * 2])
def test_of_many_who_sign_up_at_once_one_has_the_grant(world: World, emails: list[str]) -> None:
    def join(number: int) -> int:
        person_creator(world.client, 20).join(Profile(f"p{number}", emails[number], None), NOON)
        return world.person(Caller(f"p{number}", Role.USER)).points

    with ThreadPoolExecutor(len(emails)) as pool:
        points = list(pool.map(join, range(len(emails))))
    assert sorted(points) == [*[0] * (len(emails) - 1), 20]


def test_joining_twice_at_once_is_joining_once(world: World) -> None:
    with ThreadPoolExecutor(4) as pool:
        joined = [pool.submit(person_creator(world.client, 20).join, Profile("ada", ADA, None), NOON) for _ in range(8)]
    for each in joined:
        each.result()
    assert world.person(Caller("ada", Role.USER)).points == 20
    assert world.drift(Caller("ada", Role.USER)) == 0


@pytest.mark.parametrize("seed", range(6))
def test_however_people_come_and_go_a_mailbox_has_one_grant_and_one_days_free_images(office: Office, seed: int) -> None:
    chance, spellings = random.Random(seed), [ADA, "adalovelace@gmail.com", "adalovelace+x@googlemail.com"]
    here: dict[str, Caller] = {}
    granted = used = 0
    for _ in range(14):
        email = chance.choice(spellings)
        if email not in here:
            here[email] = office.hire(email)
            granted += person(office, here[email]).points
        elif chance.random() < 0.5:
            if free_left(office, here[email]):
                use_free(office, here[email], 1)
                used += 1
        else:
            leave(office, here.pop(email))
    assert granted == 20
    assert used <= FREE
