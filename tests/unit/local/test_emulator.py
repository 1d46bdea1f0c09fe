"""The store of unpacked zips, where equal ones share a folder and like ones their equal files; turns; functions."""

import asyncio
import os
import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue

import pytest

from local.emulator import RETRY_SECONDS, Lines, Retries, Store, function_waited_for, in_turn, of_today, sharing
from local.turns import Turns


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def archive(path: Path, files: Mapping[str, str]) -> zipfile.ZipFile:
    with zipfile.ZipFile(path, "w") as into:
        for name, text in files.items():
            into.writestr(name, text)
    return zipfile.ZipFile(path)


def compiled(folder: Path, name: str) -> Path:
    cache = folder / Path(name).parent / "__pycache__"
    cache.mkdir()
    path = cache / f"{Path(name).stem}.cpython-311.pyc"
    path.write_bytes(b"bytecode")
    return path


def test_equal_zips_share_a_folder(tmp_path: Path, store: Store) -> None:
    with archive(tmp_path / "a.zip", {"a/b.py": "1"}) as one, archive(tmp_path / "b.zip", {"a/b.py": "1"}) as two:
        folder = store.unpacked(one)
        assert store.unpacked(two) == folder
    assert (folder / "a/b.py").read_text() == "1"


def test_a_changed_zip_takes_the_rest_with_its_bytecode(tmp_path: Path, store: Store) -> None:
    with archive(tmp_path / "a.zip", {"big/b.py": "1", "own.py": "1"}) as one:
        first = store.unpacked(one)
    cached = compiled(first, "big/b.py")
    compiled(first, "own.py")
    with archive(tmp_path / "b.zip", {"big/b.py": "1", "own.py": "2"}) as two:
        second = store.unpacked(two)
    assert second != first
    assert (second / "own.py").read_text() == "2"
    assert (first / "own.py").read_text() == "1"
    assert (second / "big/__pycache__" / cached.name).samefile(cached)
    assert not (second / "__pycache__").exists()


def test_nothing_half_done_is_left_by_a_broken_zip(tmp_path: Path, store: Store) -> None:
    with archive(tmp_path / "a.zip", {"a.py": "1" * 100}):
        pass
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[40] ^= 1
    (tmp_path / "a.zip").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "a.zip") as broken, pytest.raises(zipfile.BadZipFile):
        store.unpacked(broken)
    assert list((tmp_path / "store").iterdir()) == []


def test_only_a_functions_code_is_shared(tmp_path: Path, store: Store) -> None:
    for name in ("code", "layer_0"):
        (tmp_path / name).mkdir()
        with archive(tmp_path / "a.zip", {"a.py": "1"}), sharing(store)(tmp_path / "a.zip") as zipped:
            zipped.extractall(tmp_path / name)
        assert (tmp_path / name / "a.py").read_text() == "1"
    assert (tmp_path / "code").is_symlink()
    assert not (tmp_path / "layer_0").is_symlink()


def test_bytecode_that_comes_in_both_zips_is_taken_once(tmp_path: Path, store: Store) -> None:
    mine = {"b.py": "1", "__pycache__/b.cpython-311.pyc": "one"}
    with archive(tmp_path / "a.zip", mine) as one, archive(tmp_path / "b.zip", {**mine, "c.py": "1"}) as two:
        first, second = store.unpacked(one), store.unpacked(two)
    assert (second / "__pycache__/b.cpython-311.pyc").samefile(first / "__pycache__/b.cpython-311.pyc")


def test_bytecode_of_the_other_zips_own_is_not_overwritten(tmp_path: Path, store: Store) -> None:
    with (
        archive(tmp_path / "a.zip", {"b.py": "1", "__pycache__/b.cpython-311.pyc": "one"}) as one,
        archive(tmp_path / "b.zip", {"b.py": "1", "__pycache__/b.cpython-311.pyc": "two"}) as two,
    ):
        first, second = store.unpacked(one), store.unpacked(two)
    assert (first / "__pycache__/b.cpython-311.pyc").read_text() == "one"
    assert (second / "__pycache__/b.cpython-311.pyc").read_text() == "two"


async def test_calls_of_one_line_take_turns_and_those_of_none_do_not() -> None:
    running, most = set[str](), dict[str, int]()

    async def invoke(name: str, event: int, _headers: Mapping[str, str]) -> int:
        running.add(f"{name} {event}")
        most[name] = max(most.get(name, 0), len([each for each in running if each.startswith(name)]))
        await asyncio.sleep(0)
        running.remove(f"{name} {event}")
        return event

    call = in_turn(invoke, function_waited_for, lambda: Turns(at_once=2))
    calls = [call("one", number, {}) for number in range(6)] + [call("two", number, {}) for number in range(6)]
    events = [call("worker", number, {"X-Amz-Invocation-Type": "Event"}) for number in range(6)]
    assert await asyncio.gather(*calls, *events) == [*range(6)] * 3
    assert most == {"one": 2, "two": 2, "worker": 6}


def test_a_process_is_of_the_function_as_it_is_now_but_for_published_versions() -> None:
    now = {"config": "new", "code_zip": b"new"}
    acquire = of_today(lambda *given, **named: (*given, named), {"worker": now})
    assert acquire("worker", "old", b"old", qualifier="$LATEST") == ("worker", "new", b"new", {"qualifier": "$LATEST"})
    assert acquire("worker", "old", b"old", qualifier="7") == ("worker", "old", b"old", {"qualifier": "7"})
    assert acquire("gone", "old", b"old") == ("gone", "old", b"old", {"qualifier": "$LATEST"})


def test_what_was_written_is_there_when_it_is_asked_for() -> None:
    ours, theirs = os.pipe()
    queue: SimpleQueue[str] = SimpleQueue()
    lines = Lines(ours, queue)
    os.close(ours)
    following = threading.Thread(target=lines.follow)
    following.start()
    for number in range(200):
        os.write(theirs, f"{number}: \u00e9\nand ha".encode())
        lines.take()
        assert queue.get_nowait() == ("and ha" if number else "") + f"{number}: \u00e9"
        assert queue.empty()
    os.close(theirs)
    following.join(5)
    assert not following.is_alive()
    assert queue.get_nowait() == "and ha"


@pytest.mark.parametrize(("written", "lines"), [(b"", []), (b"one\n", ["one"]), (b"one\n\ntwo", ["one", "", "two"])])
def test_a_process_that_ends_has_written_these_lines_and_no_more(written: bytes, lines: list[str]) -> None:
    ours, theirs = os.pipe()
    queue: SimpleQueue[str] = SimpleQueue()
    following = Lines(ours, queue)
    os.close(ours)
    os.write(theirs, written)
    os.close(theirs)
    following.follow()
    assert [queue.get_nowait() for _ in range(queue.qsize())] == lines


@pytest.mark.parametrize("rest", ["", '{"b.py": [1'])
def test_a_list_that_another_process_writes_just_now_gives_nothing(tmp_path: Path, store: Store, rest: str) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store/half.json").write_text(rest)
    with archive(tmp_path / "a.zip", {"b.py": "1"}) as one:
        assert (store.unpacked(one) / "b.py").read_text() == "1"


def test_what_another_process_forgets_meanwhile_is_forgotten(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "store/one").mkdir(parents=True)
    gone = tmp_path / "store/gone"
    monkeypatch.setattr("local.emulator.KEPT_FOLDERS", 0)
    monkeypatch.setattr(Path, "glob", lambda *_: iter([gone]))
    monkeypatch.setattr(Path, "is_dir", lambda _: True)
    store.prune()


STREAM, READER = "arn:aws:dynamodb:x:1:table/t/stream/s", {"config": {"FunctionName": "reader"}}


def retries(most: int, buried: list[str]) -> Retries:
    mapping = {"FunctionName": "reader", "EventSourceArn": STREAM, "MaximumRetryAttempts": most}
    return Retries(lambda: [mapping], lambda *given: buried.append(given[-1]))


def failed(at: Retries, event: str, now: float) -> bool:
    return at.gave_up(READER, [{"eventID": event, "eventSourceARN": STREAM}], {}, now)


def test_a_batch_is_given_up_after_its_tries_and_not_before_its_time() -> None:
    buried: list[str] = []
    counted = retries(2, buried)
    assert [failed(counted, "1", now) for now in (0, 1, 2, 3)] == [False] * 4
    assert not buried
    assert failed(counted, "1", RETRY_SECONDS + 1)
    assert buried == ["RetryAttemptsExhausted"]


def test_another_batch_begins_anew_and_one_without_a_limit_goes_on() -> None:
    buried: list[str] = []
    counted = retries(1, buried)
    assert not failed(counted, "1", 0)
    assert not failed(counted, "2", RETRY_SECONDS + 1)
    assert not failed(counted, "2", RETRY_SECONDS + 2)
    endless = retries(-1, buried)
    assert [failed(endless, "1", now * RETRY_SECONDS) for now in range(5)] == [False] * 5
    assert not buried
