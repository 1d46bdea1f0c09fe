"""Which Chromium is found, and that nothing is unpacked but what the lock names."""

import base64
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.async_api import Page

from local.appsync.explorer.node import NpmError
from local.chromium import find as finder
from local.chromium import install as installer
from local.chromium.find import HERE, PARTS, find, unpacked
from local.chromium.install import fetch, install
from local.ministack import ROOT
from tests.unit.serving import serving
from workers.chromium import Chromium

LOCKS = [lock for folder in ("local/*", "local/*/*", "tests/*/*") for lock in ROOT.glob(f"{folder}/package-lock.json")]
WIDTHS = """text => {
  const context = document.createElement("canvas").getContext("2d");
  context.font = "100px system-ui";
  return [...text].map((each) => context.measureText(each).width);
}"""


@dataclass
class Machine:
    """One with a folder on the PATH, and one for the registry's browser."""

    folder: Path

    def has(self, name: str) -> str:
        return str(program(self.folder / name))

    def unpacked(self) -> str:
        return str(program(unpacked() / "chromium"))


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(finder, "KEPT", tmp_path / "kept")
    return Machine(tmp_path / "bin")


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where a browser was fetched to."""
    places: list[Path] = []
    monkeypatch.setattr(installer, "fetch", lambda _parts, place: places.append(place))
    return places


def test_one_that_is_named_comes_first_then_the_machines_then_the_registrys(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find() == ""
    registrys = machine.unpacked()
    assert find() == registrys
    chrome = machine.has("google-chrome")
    assert find() == chrome
    debians = machine.has("chromium")
    assert find() == debians
    beta = machine.has("beta")
    monkeypatch.chdir(machine.folder)
    for named, path in ((registrys, registrys), ("beta", beta), ("./beta", beta), ("", debians)):
        monkeypatch.setenv("CHROMIUM", named)
        assert find() == path


def test_where_the_one_that_is_named_is_missing_no_other_takes_its_place(
    machine: Machine, fetched: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.has("chromium")
    monkeypatch.setenv("CHROMIUM", "/no/such/chromium")
    install()
    assert (find(), fetched) == ("", [])


def test_it_is_fetched_only_where_there_is_none_and_it_would_run(
    machine: Machine, fetched: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "fits", lambda: False)
    install()
    assert not fetched
    monkeypatch.setattr(installer, "fits", lambda: True)
    install()
    assert fetched == [unpacked()]
    machine.has("chromium-browser")
    install()
    assert fetched == [unpacked()]


def test_other_parts_are_another_browser(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(HERE, tmp_path / "parts")
    monkeypatch.setattr(finder, "HERE", tmp_path / "parts")
    here = machine.unpacked()
    assert find() == here
    with (tmp_path / "parts/package-lock.json").open("a") as lock:
        lock.write("\n")
    assert find() == ""


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_every_package_is_held_by_its_hash_and_by_no_address(lock: Path) -> None:
    packages = json.loads(lock.read_text())["packages"]
    assert packages.pop("")
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert not any("resolved" in each for each in packages.values())


# ---- fetching, from a registry of our own


@dataclass
class Registry:
    """Serves one package, and the parts that ask for it."""

    parts: Path
    archive: bytes = b""
    url: str = ""

    def offer(self, said: str) -> None:
        """A package whose program says so much."""
        files = {"package.json": json.dumps({"name": "browser", "version": "1.0.0"}), "say": said}
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            for name, text in files.items():
                entry = tarfile.TarInfo(f"package/{name}")
                entry.size = len(text)
                archive.addfile(entry, io.BytesIO(text.encode()))
        self.archive = buffer.getvalue()

    def lock(self) -> None:
        """Write what is offered now into the lock."""
        packages = {"": {"dependencies": {"browser": "1.0.0"}}, "node_modules/browser": self.version}
        (self.parts / "package-lock.json").write_text(
            json.dumps({"name": "parts", "lockfileVersion": 3, "packages": packages})
        )

    @property
    def version(self) -> dict[str, str]:
        digest = base64.b64encode(hashlib.sha512(self.archive).digest()).decode()
        return {"version": "1.0.0", "integrity": f"sha512-{digest}"}

    def answer(self, path: str) -> bytes:
        if path.endswith(".tgz"):
            return self.archive
        dist = {**self.version, "tarball": f"{self.url}/browser.tgz"}
        version = {"name": "browser", "version": "1.0.0", "dist": dist}
        return json.dumps({"name": "browser", "versions": {"1.0.0": version}}).encode()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    registry = Registry(tmp_path / "parts")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = registry.answer(self.path)
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its own name
            pass

    program(registry.parts / "chromium").write_text('#!/bin/sh\nread -r said < node_modules/browser/say && "$said"\n')
    for part in set(PARTS) - {"chromium"}:
        (registry.parts / part).touch()
    asked = {"name": "parts", "scripts": {"unpack": "./chromium"}, "dependencies": {"browser": "1.0.0"}}
    (registry.parts / "package.json").write_text(json.dumps(asked))
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as registry.url:
        monkeypatch.setenv("npm_config_registry", registry.url)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
        yield registry


def test_what_the_lock_names_is_unpacked_once(registry: Registry, tmp_path: Path) -> None:
    place = tmp_path / "kept/browser"
    registry.offer("true\n")
    registry.lock()
    fetch(registry.parts, place)
    registry.url = "http://127.0.0.1:9"
    shutil.rmtree(tmp_path / "cache")
    fetch(registry.parts, place)
    assert [path.name for path in place.parent.iterdir()] == ["browser"]


def test_another_archive_than_the_lock_names_is_refused(registry: Registry, tmp_path: Path) -> None:
    place = tmp_path / "kept/browser"
    registry.offer("true\n")
    registry.lock()
    registry.offer("touch\n")
    with pytest.raises(NpmError, match="EINTEGRITY"):
        fetch(registry.parts, place)
    assert not place.exists()


def test_one_that_does_not_run_is_no_browser_and_may_be_fetched_again(registry: Registry, tmp_path: Path) -> None:
    place = tmp_path / "kept/browser"
    registry.offer("false\n")
    registry.lock()
    with pytest.raises(NpmError, match="unpack"):
        fetch(registry.parts, place)
    assert not place.exists()
    registry.offer("true\n")
    registry.lock()
    fetch(registry.parts, place)
    assert place.exists()


# ---- the real one


@pytest.mark.skipif(not (unpacked() / "chromium").exists(), reason="the registry's Chromium is not needed here")
def test_the_registrys_browser_shows_a_page_with_fonts_of_its_own() -> None:
    browser = Chromium(str(unpacked() / "chromium"), ())

    async def widths(page: Page) -> list[float]:
        await page.goto("about:blank")
        return await page.evaluate(WIDTHS, "Ặđ₫←✓\uffff")

    try:
        *known, missing = browser.visit(widths, 60)
    finally:
        browser.close()
    assert missing not in known
