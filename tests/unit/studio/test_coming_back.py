"""What a mailbox is given once it is given once: who leaves and signs up again goes on where they were."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError
from hypothesis import example, given
from hypothesis import strategies as st

from studio.clock import millis
from studio.dynamo import transact, update
from studio.errors import ErrorType, StudioError
from studio.ledger.model import Charge
from studio.people.address import mailbox
from studio.people.addresses import Addresses
from studio.people.join import Profile
from studio.people.model import Caller, Person, Role
from tests.unit.fault_injection import preceded
from tests.unit.studio.office import Office
from tests.unit.world import NOON, World, newcomers

MODEL = "nanobanana-basic"
FREE = 3
ADA = "ada.lovelace@gmail.com"


@pytest.fixture
def office(world: World) -> Office:
    return Office.create(world)


def person(office: Office, caller: Caller) -> Person:
    return office.world.person(caller)


def leave(office: Office, caller: Caller) -> None:
    office.changes().leave(caller, office.world.time)
    office.accounts_reconciler().all(office.world.time)


def use_free(office: Office, caller: Caller, images: int) -> None:
    charges = [Charge(0, 1, office.world.time.date().isoformat())] * images
    transact(office.world.client, [office.world.usage.take(caller.sub, MODEL, charges, FREE)])


def free_left(office: Office, caller: Caller) -> int:
    return office.world.usage.day(caller.sub, office.world.time.date().isoformat()).free_left(MODEL, FREE)


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


def test_who_is_locked_out_is_so_by_another_spelling(office: Office) -> None:
    first = office.hire(ADA)
    admin = office.hire("admin@namo.test", Role.ADMIN)
    office.changes().set_disabled(admin, first.sub, True, NOON)
    assert person(office, office.hire("adalovelace@gmail.com")).disabled


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


def test_who_is_locked_out_is_so_by_the_same_address(office: Office) -> None:
    first = office.hire(ADA)
    closed = millis(NOON + timedelta(hours=1))
    office.world.people.apply(update({"id": first.sub}, set={"closedUntil": closed, "closedBy": "blocks"}))
    office.changes().set_disabled(office.hire("admin@namo.test", Role.ADMIN), first.sub, True, NOON)
    row = person(office, office.hire(ADA))
    assert (row.disabled, row.closed_until) == (True, closed)


def test_an_address_that_was_changed_on_the_way_is_known_all_the_same(office: Office) -> None:
    first = office.hire(ADA)
    office.world.people.apply(update({"id": first.sub}, set={"email": "countess@namo.test"}))
    use_free(office, first, 3)
    leave(office, first)
    for email in (ADA, "countess@namo.test"):
        again = office.hire(email)
        assert (person(office, again).points, free_left(office, again)) == (0, 0)


def by_the_group(office: Office, email: str) -> ErrorType | None:
    """Put somebody who signs up into Cognito's group, and let them make themselves an administrator."""
    again = office.hire(email)
    office.cognito.users[again.sub].groups.add("admin")
    token = Caller(again.sub, Role.ADMIN, issued_at=millis(office.world.later(1)))
    try:
        office.changes().set_role(token, again.sub, Role.ADMIN, office.world.time)
    except StudioError as error:
        assert person(office, again).role == Role.USER
        return error.type
    return None


@pytest.mark.parametrize("email", [ADA, "ada.lovelace+x@gmail.com"])
@pytest.mark.parametrize("shut", ["demoted", "disabled"])
@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_demotion_is_remembered_with_the_mailbox(office: Office, email: str, shut: str, left: int) -> None:
    first, admin = office.hire(ADA), office.hire("admin@namo.test", Role.ADMIN)
    if shut == "demoted":
        office.changes().set_role(admin, first.sub, Role.USER, office.world.time)
    else:
        office.changes().set_disabled(admin, first.sub, True, office.world.time)
        office.changes().set_disabled(admin, first.sub, False, office.world.time)
    who = first
    for _ in range(left):
        leave(office, Caller(who.sub, Role.USER, issued_at=millis(office.world.later(1))))
        who = office.hire(email)
    assert by_the_group(office, email) == ErrorType.UNAUTHORIZED
    assert by_the_group(office, "grace@gmail.com") is None, "whom nobody demoted"


SPELLINGS = ["ada.lovelace+1@gmail.com", "adalovelace@googlemail.com", "a.dalovelace@gmail.com"]


@pytest.mark.parametrize("owner_left", [False, True])
@pytest.mark.parametrize("of", [0, 1, 2])
def test_a_decision_about_any_account_of_a_mailbox_holds_for_the_next(
    office: Office, of: int, owner_left: bool
) -> None:
    admin = office.hire("admin@namo.test", Role.ADMIN)
    accounts = [office.hire(ADA), *map(office.hire, SPELLINGS[:2])]
    if owner_left and of:
        leave(office, accounts[0])
    who = accounts[of].sub
    office.changes().set_role(admin, who, Role.USER, office.world.time)
    assert by_the_group(office, SPELLINGS[2]) == ErrorType.UNAUTHORIZED
    office.changes().set_disabled(admin, who, True, office.world.time)
    assert person(office, office.hire(SPELLINGS[2])).disabled
    office.changes().set_disabled(admin, who, False, office.world.time)
    assert not person(office, office.hire(SPELLINGS[2])).disabled
    assert by_the_group(office, SPELLINGS[2]) == ErrorType.UNAUTHORIZED
    assert by_the_group(office, "grace@gmail.com") is None, "whom nobody demoted"


def test_of_two_who_are_locked_out_of_a_mailbox_one_is_enough(office: Office) -> None:
    admin, accounts = office.hire("admin@namo.test", Role.ADMIN), [office.hire(ADA), office.hire(SPELLINGS[0])]
    for disabled, of, inherited in [(True, 0, True), (True, 1, True), (False, 0, True), (False, 1, False)]:
        office.changes().set_disabled(admin, accounts[of].sub, disabled, office.world.time)
        assert person(office, office.hire(SPELLINGS[1])).disabled is inherited


def test_a_demotion_is_remembered_of_who_leaves_a_mailbox_that_another_has(office: Office) -> None:
    admin, _, second = office.hire("admin@namo.test", Role.ADMIN), office.hire(ADA), office.hire(SPELLINGS[0])
    office.changes().set_role(admin, second.sub, Role.USER, office.world.time)
    leave(office, Caller(second.sub, Role.USER, issued_at=millis(office.world.later(1))))
    assert by_the_group(office, SPELLINGS[0]) == ErrorType.UNAUTHORIZED


def test_a_changed_address_is_shut_too(office: Office) -> None:
    admin, first = office.hire("admin@namo.test", Role.ADMIN), office.hire(ADA)
    office.world.people.apply(update({"id": first.sub}, set={"email": "countess@namo.test"}))
    office.changes().set_disabled(admin, first.sub, True, office.world.time)
    for email in (ADA, "countess@namo.test"):
        assert person(office, office.hire(email)).disabled


def test_a_lock_waits_for_no_keys(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    admin, first = office.hire("admin@namo.test", Role.ADMIN), office.hire(ADA)
    with monkeypatch.context() as patch:

        def lost(_: Addresses, __: str) -> list[str]:
            raise ClientError({}, "GetSecretValue")

        patch.setattr(Addresses, "hashes", lost)
        assert office.changes().set_disabled(admin, first.sub, True, office.world.time).disabled
    assert person(office, office.hire(SPELLINGS[0])).disabled


def test_who_has_no_address_is_locked_out_alone(office: Office) -> None:
    admin = office.hire("admin@namo.test", Role.ADMIN)
    nobody = [office.hire("") for _ in range(2)]
    office.changes().set_disabled(admin, nobody[1].sub, True, office.world.time)
    assert not person(office, office.hire("")).disabled


@pytest.mark.parametrize("of", [0, 1])
@pytest.mark.parametrize("owner_left", [False, True])
def test_a_lock_in_the_moment_of_a_sign_up_holds(
    office: Office, monkeypatch: pytest.MonkeyPatch, of: int, owner_left: bool
) -> None:
    admin = office.hire("admin@namo.test", Role.ADMIN)
    accounts = [office.hire(ADA), office.hire(SPELLINGS[0])]
    if owner_left and of:
        leave(office, accounts[0])
    client = office.world.client

    def lock() -> None:
        office.changes().set_disabled(admin, accounts[of].sub, True, office.world.time)

    monkeypatch.setattr(client, "transact_write_items", preceded(client.transact_write_items, lock))
    assert person(office, office.hire(SPELLINGS[1])).disabled


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
        newcomers(world.client, 20), addresses=Addresses("Addresses", lambda: {"2": "another", **old}, world.client)
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
        newcomers(world.client, 20).join(Profile(f"p{number}", emails[number], None), NOON)
        return world.person(Caller(f"p{number}", Role.USER)).points

    with ThreadPoolExecutor(len(emails)) as pool:
        points = list(pool.map(join, range(len(emails))))
    assert sorted(points) == [*[0] * (len(emails) - 1), 20]


def test_joining_twice_at_once_is_joining_once(world: World) -> None:
    with ThreadPoolExecutor(4) as pool:
        joined = [pool.submit(newcomers(world.client, 20).join, Profile("ada", ADA, None), NOON) for _ in range(8)]
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


# Letters that no normalization folds away.
NAMES = st.text("abcdefgh0123456789", min_size=1, max_size=12)
DOMAINS = st.sampled_from(["gmail.com", "namo.test", "proton.me", "b\u00fccher.example", "xn--bcher-kva.example"])


@given(NAMES, DOMAINS, st.text("abc.+1", max_size=6), st.booleans())
def test_spellings_of_one_mailbox_are_one(name: str, domain: str, tag: str, upper: bool) -> None:
    plain = mailbox(f"{name}@{domain}")
    spelt = f" {name}+{tag}@{domain}. "
    assert mailbox(spelt.upper() if upper else spelt) == plain
    assert mailbox(plain) == plain
    if domain == "gmail.com":
        assert mailbox(f"{'.'.join(name)}@googlemail.com") == plain


@given(NAMES, NAMES, st.sampled_from(["namo.test", "gmail.com"]))
def test_different_names_are_different_mailboxes(one: str, other: str, domain: str) -> None:
    assert (mailbox(f"{one}@{domain}") == mailbox(f"{other}@{domain}")) == (one == other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a.b@namo.test", "ab@namo.test", False),
        ("a-b_c@pm.me", "abc@protonmail.com", True),
        ("ada@me.com", "ada@icloud.com", True),
        ("a-da@ya.ru", "a.da@yandex.com", True),
        ("a.da@yandex.ru", "ada@yandex.ru", False),
        ("ada@b\u00fccher.example", "ada@xn--bcher-kva.example", True),
        ('"ada"@namo.test', "ada@namo.test", True),
        ("+@namo.test", "+a@namo.test", False),
        ("ada@gmail\u3002com", "a.da@gmail.com", True),
        ("a(x)da@namo.test", "ada@namo.test", True),
        ("(a@b)ada(c(d)e)@(f)gmail.com(g@h)", "ada@gmail.com", True),
        (r"a(x\(y)da@namo.test", "ada@namo.test", True),
        (r"a(\))da@namo.test", "ada@namo.test", True),
        ('a(")da@namo.test', "ada@namo.test", True),
        ("ada@namo.test(", "ada@namo.test", True),
        ("\uff08x\uff09ada@namo.test", "ada@namo.test", True),
        (r'"a\d\a"@namo.test', "ada@namo.test", True),
        ('"a d\ta"@namo.test', "ada@namo.test", True),
        ('"ada"+x@namo.test', "ada@namo.test", True),
        ('"ada+x"@namo.test', "ada@namo.test", True),
        ('"a@b"@namo.test', "b@namo.test", False),
        ("ada(@namo.test", "ada@other.test", False),
        ("ADA@NAMO.TEST..", "ada@namo.test", True),
        ("ada\uff20namo\uff0etest", "ada@namo.test", True),
        ("ada\uff0bx@namo.test", "ada@namo.test", True),
        ("ada@XN--BCHER-KVA.example", "ada@B\u00dcCHER.example", True),
        ("ada@b(u)u\u0308cher.example", "ada@xn--bcher-kva.example", True),
        ("ada@xn--strae-oqa.example", "ada@stra\u00dfe.example", True),
        ("ada@fa\u00df.example", "ada@fass.example", True),
        ("ada@xn--.example", "ada@example", False),
        ("ada@xn--99999999.example", "ada@example", False),
        ("a\u0301da@namo.test", "\u00c1da@namo.test", True),
        ("ada\0@namo.test", "ada@namo.test", True),
    ],
)
def test_what_is_one_mailbox(one: str, other: str, same: bool) -> None:
    assert (mailbox(one) == mailbox(other)) == same


# Unicode's Default_Ignorable_Code_Point.
IGNORABLE = [
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
    *(*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)),
    *(*range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B)),
    *range(0xE0000, 0xE1000),
]


def test_what_is_drawn_as_nothing_makes_no_other_mailbox() -> None:
    plain = mailbox("ada@namo.test")
    assert [hex(each) for each in IGNORABLE if mailbox(f"a{chr(each)}da@na{chr(each)}mo.test") != plain] == []


@given(st.text(max_size=40) | st.text('a.@+"\\()\u3002\uff08\u0308\u00df-xn', max_size=24))
@example("ada@xn--a-0f-0f.test")
@example("\u00af@")
@example('" a"@namo.test')
@example('a"+b@namo.test')
@example("a@b .")
@example("O\u00a8\x80")
@example("o.\u0308@gmail.com")
def test_whatever_is_given_has_a_form_of_its_own(text: str) -> None:
    assert mailbox(mailbox(text)) == mailbox(text)
