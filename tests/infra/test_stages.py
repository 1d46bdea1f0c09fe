import re
from itertools import pairwise
from pathlib import Path

import pytest

from infra.functions import WORKER_SPECS, declared, worker_names
from infra.money import RATES, VNPAY, VNPAY_QUERY, VNPAY_SANDBOX, VNPAY_SANDBOX_QUERY
from infra.stages import LAMBDA, Stage, StageError, named
from tests.infra.conftest import AWS_CONTEXT, BANK, LOCAL_CONTEXT

INFRA = Path(__file__).resolve().parents[2] / "infra"


@pytest.fixture(params=["local", "dev", "stage", "prod"])
def stage(request: pytest.FixtureRequest) -> Stage:
    return named(request.param, LOCAL_CONTEXT)


def test_live_is_prod() -> None:
    assert named("live", {}) == named("prod", {})


@pytest.mark.parametrize("name", ["", "Prod", "test"])
def test_an_unknown_stage_is_refused_with_the_names_there_are(name: str) -> None:
    with pytest.raises(StageError, match="local, dev, stage, prod"):
        named(name, {})


@pytest.mark.parametrize("missing", LOCAL_CONTEXT)
def test_stage_local_names_the_context_value_it_lacks(missing: str) -> None:
    with pytest.raises(StageError, match=missing):
        named("local", {key: value for key, value in LOCAL_CONTEXT.items() if key != missing})


def test_an_attempt_fits_its_lease_and_the_lease_its_deadline(stage: Stage) -> None:
    limits = stage.limits
    longest_pause = 30 if stage.name != "local" else limits.retry_base_seconds * 2**5
    assert limits.attempt_seconds + longest_pause <= limits.lease_seconds <= limits.deadline_seconds


def test_room_for_running_jobs_holds_a_request_and_is_freed_by_one_transaction(stage: Stage) -> None:
    assert 8 <= stage.limits.running_jobs <= 99


def test_who_waits_for_a_machine_has_longer(stage: Stage) -> None:
    assert stage.limits.deadline_seconds < stage.limits.patient_deadline_seconds


def test_a_board_waits_for_firestore_longer_than_its_function_runs(stage: Stage) -> None:
    limits = stage.limits
    assert declared("boards").timeout <= limits.board_pause_seconds
    # A message is gone after four days, whatever is left of its tries.
    assert limits.board_pause_seconds * limits.board_tries < 4 * 86_400


@pytest.mark.parametrize("missing", ["sdxlImage", "sdxlModelFile", "browserPage"])
def test_a_stage_without_a_provider_has_not_its_worker(missing: str) -> None:
    context = {key: value for key, value in AWS_CONTEXT.items() if key != missing}
    there = set(worker_names(named("dev", context)))
    assert there == {spec.name for spec in WORKER_SPECS} - {"browser" if missing == "browserPage" else "sagemaker"}


def test_a_worker_outlives_its_jobs_deadline(stage: Stage) -> None:
    assert stage.limits.deadline_seconds < 900


@pytest.mark.parametrize("name", ["dev", "stage", "prod"])
def test_money_moves_in_prod_only_and_rates_come_from_where_the_deployer_says(name: str) -> None:
    money = named(name, {}).money
    vnpay = (VNPAY, VNPAY_QUERY) if name == "prod" else (VNPAY_SANDBOX, VNPAY_SANDBOX_QUERY)
    assert (money.vnpay_url, money.vnpay_query_url, money.stripe_live) == (*vnpay, name == "prod")
    assert money.rates_url == RATES
    assert named(name, {"ratesUrl": "https://rates.example.com"}).money.rates_url == "https://rates.example.com"


def test_at_home_everything_about_money_is_the_bank() -> None:
    money = named("local", LOCAL_CONTEXT).money
    assert (money.vnpay_url, money.vnpay_query_url, money.stripe_url, money.rates_url) == (
        f"{BANK}/paymentv2/vpcpay.html",
        f"{BANK}/merchant_webapi/api/transaction",
        BANK,
        f"{BANK}/v6/latest/USD",
    )


def test_aws_stages_are_built_for_arm_and_the_current_python() -> None:
    assert {named(name, {}).target for name in ("dev", "stage", "prod")} == {LAMBDA}
    assert (LAMBDA.architecture, LAMBDA.python) == ("arm64", "3.14")


def test_hardening_only_grows_from_stage_to_stage() -> None:
    stages = [named(name, LOCAL_CONTEXT).hardening for name in ("local", "dev", "stage", "prod")]
    for weaker, harder in pairwise(stages):
        for guard in ("keep_data", "backups", "own_key", "tls_only", "access_logs", "second_factor", "audited"):
            assert getattr(harder, guard) >= getattr(weaker, guard), guard
        for opening in ("introspection", "password_sign_in"):
            assert getattr(harder, opening) <= getattr(weaker, opening), opening


def test_administrators_need_a_second_factor_where_it_counts() -> None:
    asked = {name: named(name, LOCAL_CONTEXT).hardening.second_factor for name in ("local", "dev", "stage", "prod")}
    assert asked == {"local": False, "dev": False, "stage": True, "prod": True}


def test_nothing_else_asks_which_stage_it_is() -> None:
    asks = re.compile(r"""stage(\.name)?\s*(==|!=|\bin\b)|["'](local|dev|prod|live)["']""")
    others = [path for path in INFRA.glob("*.py") if path.name != "stages.py"]
    assert others
    assert [path.name for path in others if asks.search(path.read_text())] == []


def test_downloads_are_labelled_where_the_stages_owner_says_so() -> None:
    assert not named("prod", {}).label_downloads
    assert named("prod", {"labelDownloads": "true"}).label_downloads
    with pytest.raises(StageError, match="labelDownloads"):
        named("prod", {"labelDownloads": "yes"})
