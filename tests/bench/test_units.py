"""The arithmetic behind the cost: sizes and units as DynamoDB's documents count them."""

import pytest

from tests.bench.units import Row, query_units, read_units, row_bytes, write_units

_KEYS = {"id": {"S": "j" * 36}, "owner": {"S": "o" * 36}, "createdAt": {"S": "t" * 24}}


def _job(status: str, due: str | None, text: int = 0) -> Row:
    waits = {"open": {"S": "x"}, "due": {"N": due}} if due else {}
    return {**_KEYS, "status": {"S": status}, "prompt": {"S": "p" * text}, **waits}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "é"}, 2),
        ({"N": "1795218011203"}, 8),
        ({"N": "-5"}, 2),
        ({"N": "100"}, 2),
        ({"BOOL": True}, 1),
        ({"L": [{"S": "ab"}]}, 6),
        ({"M": {"k": {"S": "ab"}}}, 7),
    ],
)
def test_a_value_has_the_size_that_dynamodb_counts(value: Row, size: int) -> None:
    assert row_bytes({"name": value}) == len("name") + size


def test_a_new_job_costs_twice_in_a_transaction_and_once_in_each_of_its_indexes() -> None:
    assert write_units("Jobs", {}, _job("PENDING", "1"), in_transaction=True) == 2 + 3
    assert write_units("Jobs", {}, _job("PENDING", "1", text=1500), in_transaction=True) == 4 + 3


def test_a_changed_index_key_is_a_delete_and_a_put() -> None:
    claim = write_units("Jobs", _job("PENDING", "1"), _job("PROCESSING", "2"), in_transaction=False)
    assert claim == 1 + 2 + 2


def test_leaving_a_sparse_index_is_one_delete() -> None:
    done = write_units("Jobs", _job("PROCESSING", "2"), _job("COMPLETED", None), in_transaction=False)
    assert done == 1 + 2 + 1


def test_a_change_that_no_index_shows_costs_only_the_table() -> None:
    assert write_units("Jobs", _job("PENDING", "1"), _job("PENDING", "1", text=9), in_transaction=False) == 1


def test_a_read_unit_is_four_kilobytes_and_a_missing_row_costs_one() -> None:
    assert read_units([{"a": {"S": "x" * 4095}}, {"a": {"S": "x" * 4096}}, {}]) == 1 + 2 + 1


def test_the_rows_of_a_query_are_counted_together() -> None:
    rows = [{"id": {"S": "x" * 1000}}] * 5
    assert (read_units(rows), query_units(rows), query_units([])) == (5, 2, 1)
