import pytest

from local.models.faults import NO_FAULT, BadFaultError, Fault, FaultBook, parse_fault, split_model


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ok", Fault("ok")),
        ("429", Fault("429", status=429)),
        ("slow:2.5", Fault("slow:2.5", slow=2.5)),
        ("slow:2+503", Fault("slow:2+503", status=503, slow=2.0)),
        ("retry-after:7", Fault("retry-after:7", status=429, retry_after="7")),
        ("503+retry-after:3", Fault("503+retry-after:3", status=503, retry_after="3")),
        ("retry-info:12.837906927", Fault("retry-info:12.837906927", status=429, retry_info="12.837906927")),
        ("503+retry-info", Fault("503+retry-info", status=503, retry_info="1.000000000")),
        ("daily-quota", Fault("daily-quota", status=429, daily=True)),
        ("garbage", Fault("garbage", twist="garbage")),
    ],
)
def test_parse(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize("text", ["", "teapot", "slow:soon", "200", "42", "4290", "429,500"])
def test_unknown_faults_are_refused(text: str) -> None:
    with pytest.raises(BadFaultError):
        parse_fault(text)


def test_rules_are_used_up_in_order_by_matching_calls_only() -> None:
    book = FaultBook()
    book.add(["429", "500"], contains="otter", model=None, repeat=False)
    assert book.take("m", "a fox") is NO_FAULT
    assert [book.take("m", "an otter").text for _ in range(3)] == ["429", "500", "ok"]


def test_a_rule_of_a_model_leaves_the_others_alone() -> None:
    book = FaultBook()
    book.add(["500"], contains=None, model="gemini-3-pro-image", repeat=False)
    assert book.take("gemini-3.1-flash-image", "x") is NO_FAULT
    assert book.take("gemini-3-pro-image", "x").status == 500


def test_a_repeating_rule_never_ends_until_cleared() -> None:
    book = FaultBook()
    book.add(["503", "ok"], contains=None, model=None, repeat=True)
    assert [book.take("m", "x").text for _ in range(5)] == ["503", "ok", "503", "ok", "503"]
    book.clear()
    assert book.take("m", "x") is NO_FAULT


def test_the_oldest_rule_with_faults_left_decides() -> None:
    book = FaultBook()
    book.add(["429"], contains=None, model=None, repeat=False)
    book.add(["500"], contains="fox", model=None, repeat=False)
    assert [book.take("m", "fox").status for _ in range(2)] == [429, 500]


def test_a_rule_needs_a_fault() -> None:
    with pytest.raises(BadFaultError):
        FaultBook().add([], None, None, repeat=False)


def test_model_suffix() -> None:
    assert split_model("gemini-3-pro-image~slow:1+500") == (
        "gemini-3-pro-image",
        Fault("slow:1+500", status=500, slow=1.0),
    )
    assert split_model("gemini-3-pro-image") == ("gemini-3-pro-image", NO_FAULT)
