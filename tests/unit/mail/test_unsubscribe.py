"""The link that stops notices: signed, of one person, good for nothing else."""

from typing import Any

import pytest

from studio.clock import iso
from studio.mail.unsubscribe import UnsubscribeLinks, unsubscribe
from tests.unit.mail.conftest import PostOffice
from tests.unit.resolvers.conftest import load as load  # noqa: PLC0414 - a fixture
from tests.unit.world import NOON, USER, World

URL = "https://hooks.namo.example/unsubscribe"
OLD, NEW = {"1": "a key"}, {"2": "another", "1": "a key"}


def query(url: str) -> str:
    return url.partition("?")[2]


def links(keys: dict[str, str] = OLD) -> UnsubscribeLinks:
    return UnsubscribeLinks(lambda: keys, URL)


@pytest.mark.parametrize("person", ["5d2c9b1e-0000-4000-8000-000000000000", "a&person=b", "é ü"])
def test_a_link_names_whom_it_was_made_for(person: str) -> None:
    assert links().of(person).startswith(f"{URL}?")
    assert links().person_of(query(links().of(person))) == person


def test_a_link_of_before_a_rotation_is_good_until_its_key_goes() -> None:
    before = query(links().of("p"))
    assert links(NEW).person_of(before) == "p"
    assert "key=2" in links(NEW).of("p")
    assert links({"2": "another"}).person_of(before) is None


@pytest.mark.parametrize(
    "changed",
    [
        lambda q: q.replace("person=p", "person=q"),
        lambda q: q.replace("key=1", "key=2"),
        lambda q: q[:-1] + ("0" if q[-1] != "0" else "1"),
        lambda q: q.replace("signature=", "other="),
        lambda q: q.partition("&signature")[0] + "&signature=é",
        lambda _: "",
    ],
)
def test_a_link_that_was_changed_is_none(changed: Any) -> None:
    assert links().person_of(changed(query(links().of("p")))) is None


def test_stopping_again_or_of_nobody_changes_nothing(office: PostOffice) -> None:
    for _ in range(2):
        unsubscribe(office.world.people, USER.sub)
    assert office.world.person().mailing is False
    unsubscribe(office.world.people, "nobody")
    assert office.world.people.find("nobody") is None, "no row is made"
    office.change(leftAt=iso(NOON), mailing=None)
    unsubscribe(office.world.people, USER.sub)
    assert "mailing" not in (office.world.people.get({"id": USER.sub}) or {})


def test_the_page_asks_first_and_a_post_stops(load: Any, world: World) -> None:
    world.joined()
    handler = load("resolvers.webhooks.unsubscribe", MAIL_SECRET="namo/test/addresses").handler
    from tests.unit.world import ADDRESS_KEYS  # noqa: PLC0415 - beside the secret

    good = query(UnsubscribeLinks(lambda: ADDRESS_KEYS, URL).of(USER.sub))

    def ask(method: str, given: str = good) -> Any:
        return handler({"routeKey": f"{method} /unsubscribe", "rawQueryString": given}, None)

    shown = ask("GET")
    assert (shown["statusCode"], world.person().mailing) == (200, True), "programs that look for malware open links"
    assert '<form method="post">' in shown["body"]
    assert "form-action 'self'" in shown["headers"]["content-security-policy"]
    for method in ("GET", "POST"):
        assert ask(method, good.replace("user-1", "user-2"))["statusCode"] == 400
    assert world.person().mailing
    done = ask("POST")
    assert (done["statusCode"], world.person().mailing) == (200, False)
    assert "<form" not in done["body"]
    assert "form-action 'none'" in done["headers"]["content-security-policy"]
    assert ask("POST")["statusCode"] == 200
