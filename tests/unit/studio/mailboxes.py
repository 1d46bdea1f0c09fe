"""A mailbox, its spellings, and what those who sign up with them are given."""

from studio.dynamo import transact
from studio.ledger.model import Charge
from studio.people.model import Caller, Person
from tests.unit.studio.office import Office

MODEL = "nanobanana-basic"
FREE = 3
ADA = "ada.lovelace@gmail.com"
SPELLINGS = ["ada.lovelace+1@gmail.com", "adalovelace@googlemail.com", "a.dalovelace@gmail.com"]


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
