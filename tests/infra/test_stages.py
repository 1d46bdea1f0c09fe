import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from infra.functions import WORKER_SPECS, declared, worker_names
from infra.limits import Concurrency
from infra.money import RATES, VNPAY, VNPAY_QUERY, VNPAY_SANDBOX, VNPAY_SANDBOX_QUERY
from infra.stages import LAMBDA, Stage, StageError, named
from tests.stages import AWS_STAGES, BANK, DEPLOYMENT, LOCAL_CONTEXT, NEEDED, STAGES, stage_named

INFRA = Path(__file__).resolve().parents[2] / "infra"


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest) -> Stage:
    return stage_named(request.param)


def test_live_is_prod() -> None:
    assert named("live", NEEDED) == named("prod", NEEDED)


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


@pytest.mark.parametrize("missing", ["sdxl", "browser"])
def test_a_stage_without_a_provider_has_not_its_worker(missing: str) -> None:
    there = set(worker_names(named("dev", {key: value for key, value in DEPLOYMENT.items() if key != missing})))
    assert there == {spec.name for spec in WORKER_SPECS} - {"sagemaker" if missing == "sdxl" else missing}


def test_a_worker_outlives_its_jobs_deadline(stage: Stage) -> None:
    assert stage.limits.deadline_seconds < 900


@pytest.mark.parametrize("name", AWS_STAGES)
def test_money_moves_in_prod_only_and_rates_come_from_where_the_deployer_says(name: str) -> None:
    money = stage_named(name).money
    vnpay = (VNPAY, VNPAY_QUERY) if name == "prod" else (VNPAY_SANDBOX, VNPAY_SANDBOX_QUERY)
    assert (money.vnpay_url, money.vnpay_query_url, money.stripe_live) == (*vnpay, name == "prod")
    assert money.rates_url == RATES
    assert stage_named(name, rates={"url": "https://rates.example.com"}).money.rates_url == "https://rates.example.com"


def test_at_home_everything_about_money_is_the_bank() -> None:
    money = stage_named("local").money
    assert (money.vnpay_url, money.vnpay_query_url, money.stripe_url, money.rates_url) == (
        f"{BANK}/paymentv2/vpcpay.html",
        f"{BANK}/merchant_webapi/api/transaction",
        BANK,
        f"{BANK}/v6/latest/USD",
    )


def test_aws_stages_are_built_for_arm_and_the_current_python() -> None:
    assert {stage_named(name).target for name in AWS_STAGES} == {LAMBDA}
    assert (LAMBDA.architecture, LAMBDA.python) == ("arm64", "3.14")


def test_hardening_only_grows_from_stage_to_stage() -> None:
    stages = [stage_named(name).hardening for name in STAGES]
    for weaker, harder in pairwise(stages):
        for guard in ("keep_data", "backups", "own_key", "tls_only", "access_logs", "second_factor", "audited"):
            assert getattr(harder, guard) >= getattr(weaker, guard), guard
        for opening in ("introspection", "password_sign_in"):
            assert getattr(harder, opening) <= getattr(weaker, opening), opening


def test_administrators_need_a_second_factor_where_it_counts() -> None:
    asked = {name: stage_named(name).hardening.second_factor for name in STAGES}
    assert asked == {"local": False, "dev": False, "stage": True, "prod": True}


def test_nothing_else_asks_which_stage_it_is() -> None:
    asks = re.compile(r"""stage(\.name)?\s*(==|!=|\bin\b)|["'](local|dev|prod|live)["']""")
    others = [path for path in INFRA.glob("*.py") if path.name != "stages.py"]
    assert others
    assert [path.name for path in others if asks.search(path.read_text())] == []


def test_downloads_are_labelled_where_the_stages_owner_says_so() -> None:
    assert not stage_named("prod").label_downloads
    assert stage_named("prod", label_downloads=True).label_downloads


@pytest.mark.parametrize("name", AWS_STAGES)
@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"label_downloads": "yes"}, "label_downloads"),
        ({"vertx": {"project": "namo"}}, "vertx"),
        ({"vertex": {"project": ""}}, "vertex.project"),
        ({"vertex": {"project": "namo", "region": "global"}}, "vertex.region"),
        ({"firebase": {}}, "firebase.project"),
        ({"web": {"origins": []}}, "web.origins"),
        ({"web": {"origins": ["https://studio.example.com/"]}}, "web.origins.0"),
        ({"alarms": {"email": "on-call"}}, "alarms.email"),
        ({"concurrency": {"workers": 0}}, "concurrency.workers"),
        ({"concurrency": {"workers": 2.5}}, "concurrency.workers"),
        ({"sdxl": {"image": "sdxl:latest", "model_file": "model.tar.gz"}}, "sdxl.image"),
        ({"browser": {"page": "http://page.example.com"}}, "browser.page"),
        ({"mail": {"domain": "studio@example.com"}}, "mail.domain"),
    ],
)
def test_what_a_stages_file_may_not_say_is_refused_with_its_place(name: str, said: dict[str, Any], place: str) -> None:
    with pytest.raises(StageError, match=rf"infra/config/{name}.toml\n  {place}: "):
        stage_named(name, **said)


@pytest.mark.parametrize("name", AWS_STAGES)
@pytest.mark.parametrize("missing", NEEDED)
def test_a_stage_for_people_is_not_built_without_what_it_needs(name: str, missing: str) -> None:
    said = {key: value for key, value in NEEDED.items() if key != missing}
    if name == "dev" and missing in {"web", "alarms"}:
        assert named(name, said)
        return
    with pytest.raises(StageError, match=f"\n  {missing}: Field required"):
        named(name, said)


def test_the_committed_files_say_all_but_what_a_studio_of_ones_own_decides() -> None:
    assert named("dev")
    for name in ("stage", "prod"):
        with pytest.raises(StageError) as refusal:
            named(name)
        assert str(refusal.value).splitlines() == [
            f"infra/config/{name}.toml",
            "  web: Field required",
            "  alarms: Field required",
        ]


def test_without_a_quota_of_its_own_a_stage_reserves_no_concurrency() -> None:
    assert named("dev", NEEDED).concurrency == Concurrency()
    assert stage_named("dev").concurrency == Concurrency(workers=50, browser=10, publish=25)


@pytest.mark.parametrize("protected", [True, False])
def test_a_stage_is_protected_from_deletion_when_its_deployer_says_so(*, protected: bool) -> None:
    assert stage_named("prod", deletion_protection=protected).deletion_protection is protected
