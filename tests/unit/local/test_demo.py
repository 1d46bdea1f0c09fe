"""What the demo makes of its surroundings: the stack that runs, and things that take too long."""

import argparse
import asyncio
import inspect
from collections.abc import AsyncGenerator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import pytest
from aiohttp import ClientConnectionError

from local import __main__, demo, documents
from local.demo import following, order, patience, printer_page, purchase, requests, user
from local.demo.following import Following
from local.demo.patience import DemoError, waiting_for
from local.demo.steps import Demo

if TYPE_CHECKING:
    from local.demo.user import DemoUser

OUTPUTS = {"explorerUrl": "https://localhost:1/", "graphqlUrl": "http://127.0.0.1:1/graphql"}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The studios that were shown."""
    found: list[Any] = []

    async def show(outputs: Any) -> None:
        found.append(outputs)

    monkeypatch.setattr(demo, "show", show)
    return found


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders on which stacks were started."""
    found: list[Path] = []

    class Started(nullcontext[Any]):
        def __init__(self, folder: Path, **_: Any) -> None:
            found.append(folder)

        def __enter__(self) -> Self:
            return self

        def start(self, *, fresh: bool) -> dict[str, Any]:
            return {"fresh": fresh}

    monkeypatch.setattr(demo, "Stack", Started)
    return found


def asked(folder: Path, *, fresh: bool = False) -> argparse.Namespace:
    return argparse.Namespace(dir=folder, fresh=fresh)


def test_the_stack_that_runs_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shown: list[Any], started: list[Path]
) -> None:
    monkeypatch.setattr("local.running.find", lambda folder, _say: OUTPUTS if folder == tmp_path else None)
    assert demo.run(asked(tmp_path)) == 0
    assert (shown, started) == ([OUTPUTS], [])
    with pytest.raises(DemoError, match="--fresh"):
        demo.run(asked(tmp_path, fresh=True))


def test_where_none_runs_one_is_started_and_what_up_has_kept_is_left_alone(
    tmp_path: Path, shown: list[Any], started: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "DEFAULT_FOLDER", tmp_path / ".local")
    demo.run(asked(tmp_path, fresh=True))
    demo.run(asked(tmp_path / ".local"))
    assert started[0] == tmp_path
    assert started[1] != tmp_path / ".local"
    assert shown == [{"fresh": True}, {"fresh": False}]


async def test_a_wait_in_vain_says_what_for() -> None:
    with pytest.raises(DemoError, match="Waited 0 s in vain for the bank"):
        async with waiting_for("the bank", seconds=0):
            await asyncio.Event().wait()


async def test_what_is_not_pushed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silence() -> AsyncGenerator[Any]:
        await asyncio.Event().wait()
        yield {}

    monkeypatch.setattr(following, "waiting_for", lambda what: waiting_for(what, seconds=0))
    with pytest.raises(DemoError, match="in vain for onOrder to tell of order-1"):
        await Following("onOrder", silence()).until("order-1", bool, print)


@pytest.mark.parametrize("module", [following, order, printer_page, purchase, user])
def test_nothing_in_the_demo_has_a_time_limit_that_says_nothing(module: Any) -> None:
    assert "asyncio.timeout" not in inspect.getsource(module)
    assert module.waiting_for is patience.waiting_for


@pytest.mark.parametrize(
    ("error", "said"), [(ClientConnectionError("port 1"), "port 1"), (TimeoutError(), "TimeoutError")]
)
async def test_a_studio_that_goes_away_is_said(monkeypatch: pytest.MonkeyPatch, error: Exception, said: str) -> None:
    def gone(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(demo, "signed_in", gone)
    with pytest.raises(DemoError, match=f"The studio does not answer: {said}"):
        await demo.show(OUTPUTS)


def test_no_expected_error_prints_an_empty_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Any) -> int:
        raise TimeoutError

    monkeypatch.setattr(__main__, "_arguments", lambda: argparse.Namespace(run=fail))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert __main__.main() == 1
    assert capsys.readouterr().err.strip() == "TimeoutError"


class FakeUser:
    """Answers what the demo asks by the field; `points` are theirs."""

    def __init__(self, name: str, points: int, models: dict[str, str]) -> None:
        self.name, self.points = name, points
        self.models = [{"id": id_, "state": state} for id_, state in models.items()]
        self.pages = 2

    async def ask(self, document: str, **_: Any) -> Any:
        if document == documents.MODELS:
            return {"models": self.models}
        if document == documents.ME:
            return {"me": {"email": self.name, "points": self.points}}
        assert document == documents.HISTORY
        self.pages -= 1
        return {"pointsHistory": {"items": [{"points": 10}], "nextToken": "more" if self.pages else None}}

    async def make(self, request: Any, _expected: str) -> Any:
        return {"name": request.name, "image": None}

    def start_clock(self) -> None:
        pass


def stage(user_points: int = 50, admin_points: int = 50) -> tuple[Demo, FakeUser, FakeUser]:
    """Return a demo in a studio without its page model, where only administrators are told of theirs."""
    known = dict.fromkeys(requests.PROMPTS, "AVAILABLE") | {"nanobanana-basic": "UNAVAILABLE"}
    mine = {id_: state for id_, state in known.items() if id_ != requests.ADMINS_MODEL}
    user, admin = FakeUser("user", user_points, mine), FakeUser("admin", admin_points, known)
    return Demo(cast("DemoUser", user), cast("DemoUser", admin)), user, admin


async def test_the_models_that_take_part_are_those_that_the_studio_says_it_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def price(*_: Any) -> str:
        return "1 point"

    monkeypatch.setattr(Demo, "_price", price)
    demo_, _, _ = stage()
    await demo_.generate()
    assert set(demo_.jobs) == requests.PROMPTS.keys() - {"nanobanana-basic"}
    assert "nanobanana-basic is left out: the studio says that it is UNAVAILABLE." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("user_points", "admin_points", "buyers"), [(50, 50, []), (19, 5, ["user"]), (20, 4, ["admin"])]
)
async def test_who_has_too_few_points_left_buys_some_first(
    monkeypatch: pytest.MonkeyPatch, user_points: int, admin_points: int, buyers: list[str]
) -> None:
    bought: list[str] = []

    async def make(self: purchase.Purchase, page: None) -> None:
        assert page is None
        bought.append(cast("FakeUser", self.user).name)

    monkeypatch.setattr(purchase.Purchase, "make", make)
    demo_, user_, _ = stage(user_points, admin_points)
    await demo_.sign_in()
    assert (bought, user_.pages) == (buyers, 0)  # the whole ledger is read, page by page
