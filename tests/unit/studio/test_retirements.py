"""A stage whose models end within 60 days is not deployed without somebody seeing it."""

import argparse
from dataclasses import replace
from datetime import date, timedelta

import pytest

from local import retirements
from studio.catalogue import data, rules
from studio.catalogue.retirements import ending
from studio.catalogue.rules import StageModels
from tests.stages import stage_named
from tests.unit.world import NOON, World

TODAY = NOON.date()
ASKED = ("nanobanana-pro", "sdxl")


@pytest.mark.parametrize(("days", "ends"), [(-400, True), (0, True), (60, True), (61, False), (4000, False)])
def test_a_day_within_sixty_or_past_is_found_and_a_later_one_is_not(days: int, ends: bool) -> None:
    stage = StageModels((), {"sdxl": (TODAY + timedelta(days=days)).isoformat()})
    assert [model.id for model in ending(stage, ASKED, TODAY)] == ["sdxl"] * ends


def test_the_catalogues_own_day_counts_unless_the_stage_has_another(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = [replace(model, retires_on=date(2026, 12, 1)) for model in data.CATALOGUE]
    monkeypatch.setattr(rules, "CATALOGUE", gone)
    assert [model.id for model in ending(StageModels(()), ASKED, TODAY)] == ["nanobanana-pro", "sdxl"]
    assert [model.id for model in ending(StageModels((), {"sdxl": "2027-12-01"}), ASKED, TODAY)] == ["nanobanana-pro"]


def test_what_is_listed_as_retired_and_asked_for_nowhere_is_no_trouble() -> None:
    assert ending(StageModels(()), ASKED, TODAY) == []
    for stage in ("local", "dev", "prod"):
        providers = stage_named(stage).providers
        assert "titan" not in retirements.asked(providers)
        assert {"nanobanana-2", "stable-image-ultra"} < retirements.asked(providers) <= {m.id for m in data.CATALOGUE}


def test_the_command_names_what_ends_and_fails(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = argparse.Namespace(stage="dev")
    assert retirements.run(given) == 0
    gone = [replace(model, retires_on=date(2027, 2, 1)) for model in data.CATALOGUE if model.id == "stable-image"]
    monkeypatch.setattr(rules, "CATALOGUE", gone)
    assert retirements.run(given) == 0
    world.later(15 * 86_400)
    assert retirements.run(given) == 1
    assert "stable-image ends on 2027-02-01" in capsys.readouterr().out
