"""The page of what each role could do is what the templates say, and the worst of it is what we think it is."""

import pytest

from infra.functions import ALL, WORKER_SPECS
from tests.infra.roles import PAGE, Role, callers, tables
from tests.infra.templates import Templates

MOVERS = {
    *(
        "jobs-api",
        "albums-api",
        "people-api",
        "payments-api",
        "sign-up",
    ),  # they create people, whose rows are put whole
    *("jobs-stream", "sweeper", "accounts-reconciler"),  # refunds
    *("webhooks", "payments-reconciler"),  # purchases
}

CLIENTS = {"jobs-api", "albums-api", "orders-api", "people-api", "payments-api", "media-api"}


def test_the_page_is_what_the_templates_say(prod: Templates) -> None:
    assert tables(prod) in PAGE.read_text(), "python -m tests.infra.roles"


def test_only_these_could_move_points(templates: Templates) -> None:
    assert {spec.name for spec in ALL if Role(templates, spec.name).moves_points} == MOVERS


def test_whoever_could_move_points_could_add_their_line(templates: Templates) -> None:
    adding = {spec.name for spec in ALL if Role(templates, spec.name).adds_to("Ledger")}
    assert adding == MOVERS


@pytest.mark.parametrize("function", [spec.name for spec in WORKER_SPECS] + ["sagemaker-done", "resizer"])
def test_who_works_on_pictures_changes_no_charge_and_moves_nothing(templates: Templates, function: str) -> None:
    role = Role(templates, function)
    changed = role.changes("Jobs")
    assert changed
    assert not changed & {"charge", "owner", "refundedAt", "spec", "expiresAt", "worker", "model", "shared", "doubt"}
    assert role.changes("People") == set()
    assert not role.adds_to("Ledger")
    assert not role.adds_to("Audit")


def test_a_worker_that_looks_at_no_pictures_reads_nobodys(templates: Templates) -> None:
    assert Role(templates, "browser").objects("s3:GetObject") == ["results/browser"]
    assert Role(templates, "sagemaker").objects("s3:GetObject") == []


def test_who_handles_orders_touches_no_file_and_who_has_files_no_order_but_to_remove_people(
    templates: Templates,
) -> None:
    def touching(resource: str) -> set[str]:
        return {spec.name for spec in ALL if Role(templates, spec.name).touches(resource)}

    orders, files = touching(r"<(Orders|OrderDocuments|Quotes)\.Arn>(/index/.*)?"), touching(r"<Media\.Arn>.*")
    assert {"orders-api", "fulfilment", "orders-reconciler"} <= orders
    assert {"resizer", "albums-api"} <= files
    assert orders & files == {"accounts-reconciler"}


def test_who_is_reached_from_outside(prod: Templates) -> None:
    direct = {"clients, by GraphQL", "anybody, by HTTP", "Cognito"}
    reached = {spec.name for spec in ALL if direct & set(callers(prod, spec.name))}
    assert reached == {*CLIENTS, "webhooks", "unsubscribe", "printer-callbacks", "sign-up"}
