"""A payment provider is its folder, a line of the registry, and a value of the enum: nothing else here names it."""

import re
from pathlib import Path

import pytest

from studio.payments.model import PaymentProvider
from studio.payments.providers.registry import PROVIDERS

ROOT = Path(__file__).parents[3]
PAYMENTS = ROOT / "studio" / "payments"
FOLDERS = {provider: PAYMENTS / "providers" / provider.lower() for provider in PaymentProvider}
# What every folder has; one may have more.
SHAPE = {"provider.py", "checkout.py", "webhook.py", "events.py", "values.py"}
# Beside the folders and the registry: what is said of every provider alike. The resolvers shape what they are told.
ELSEWHERE = (
    *PAYMENTS.glob("*.py"),
    PAYMENTS / "providers" / "protocol.py",
    *(ROOT / "resolvers").rglob("*payments*.py"),
    *(ROOT / "studio" / "mail").rglob("*.py"),
    *(ROOT / "resolvers" / "webhooks").glob("*.py"),
)
NAMED = re.compile("|".join(PaymentProvider), re.IGNORECASE)
ENUM = re.compile(r'    (\w+) = "\1"')


@pytest.mark.parametrize("path", ELSEWHERE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_other_module_names_a_provider(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if NAMED.search(line)]
    if path.name == "model.py":
        lines = [line for line in lines if not ENUM.fullmatch(line)]
    assert lines == []


def test_every_provider_has_its_line_and_its_folder() -> None:
    assert PROVIDERS.keys() == set(PaymentProvider)
    assert [provider.name for provider in PROVIDERS.values()] == [*PROVIDERS]
    folders = {path.parent for path in (PAYMENTS / "providers").glob("*/__init__.py")}
    assert folders == set(FOLDERS.values())


@pytest.mark.parametrize("provider", PaymentProvider)
def test_every_folder_has_the_same_shape(provider: PaymentProvider) -> None:
    assert {path.name for path in FOLDERS[provider].glob("*.py")} >= SHAPE


@pytest.mark.parametrize("provider", PaymentProvider)
def test_no_folder_knows_another(provider: PaymentProvider) -> None:
    others = [other for other in PaymentProvider if other != provider]
    for path in FOLDERS[provider].glob("*.py"):
        assert not re.search("|".join(others), path.read_text(), re.IGNORECASE), path
