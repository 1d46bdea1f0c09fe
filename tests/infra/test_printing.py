"""Who asks the printer, where it is, and what whoever calls in its name can do."""

import pytest

from infra import attributes
from infra.functions import ALL
from studio.printing.advance import LEASE
from tests.infra.templates import Templates, listed
from tests.stages import PRINTER

ASKING = ("printing-stream", "printing-reconciler")
ADDRESSES = {
    "local": f"{PRINTER}/v4.0",
    "dev": "https://api.sandbox.prodigi.com/v4.0",
    "stage": "https://api.sandbox.prodigi.com/v4.0",
    "prod": "https://api.prodigi.com/v4.0",
}


def variables(templates: Templates, function: str) -> dict[str, str]:
    found = templates.functions[function]["Environment"]["Variables"]
    return {name: templates.text(value) for name, value in found.items()}


@pytest.mark.parametrize("function", ASKING)
def test_only_the_stage_of_paying_people_has_things_printed(templates: Templates, function: str) -> None:
    given = variables(templates, function)
    assert given["PRINTER_URL"] == ADDRESSES[templates.stage]
    assert given["PRINTER_SECRET"] == f"namo/{templates.stage}/printer"


@pytest.mark.parametrize("function", ASKING)
def test_the_printer_is_told_where_to_call(templates: Templates, function: str) -> None:
    begins = "http://127.0.0.1:" if templates.stage == "local" else "<WebhookApi.ApiEndpoint>"
    url = variables(templates, function)["PRINTER_CALLBACK_URL"]
    assert url.endswith("/printer")
    assert url.startswith(begins)


def test_nobody_else_knows_the_printers_key_by_name(templates: Templates) -> None:
    knowing = {spec.name for spec in ALL if "PRINTER_SECRET" in variables(templates, spec.name)}
    assert knowing == {*ASKING}


@pytest.mark.parametrize("function", [*ASKING, "printer-callbacks"])
def test_what_is_ordered_is_nobodys_to_change(templates: Templates, function: str) -> None:
    """Neither of them names it in an update, nor whose it is."""
    held = attributes.RECEIVE_CALLBACK if function == "printer-callbacks" else attributes.PRINT
    (update,) = [
        s for s in templates.statements(templates.role_of(function)) if "dynamodb:UpdateItem" in listed(s["Action"])
    ]
    assert update["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:Attributes": sorted(held)}}
    assert not {"owner", "items", "method", "createdAt"} & held


def test_whoever_calls_in_the_printers_name_says_nothing_of_an_order() -> None:
    assert {"id", "version", "printerId", "askedAt", "open", "due"} == attributes.RECEIVE_CALLBACK


def test_who_asks_has_died_before_another_asks(templates: Templates) -> None:
    """A question takes seventy seconds at the worst: three times 23, and two pauses."""
    assert LEASE.total_seconds() > 75
    assert templates.functions["printing-reconciler"]["Timeout"] >= 45 + 70
