"""A page is full as long as there is more, and the last one has no token: whatever is gone or not asked for."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.dynamo import Item, Page
from studio.errors import StudioError
from studio.lists import Source, fill, listed

ROWS = st.lists(st.booleans(), max_size=60)


class Rows:
    """Numbered rows, some of which are in the list; like DynamoDB, a page that ends with the last row says that more
    may follow."""

    def __init__(self, among: Sequence[bool]) -> None:
        self.among, self.reads = among, 0

    @property
    def source(self) -> Source[int]:
        return Source(self._read, ("n",), self._load)

    @property
    def members(self) -> list[int]:
        return [n for n, is_in in enumerate(self.among) if is_in]

    def _read(self, limit: int, start: Item | None) -> Page:
        assert 1 <= limit <= 100
        self.reads += 1
        first = 0 if start is None else start["n"] + 1
        rows: list[Item] = [{"n": n, "more": "x"} for n in range(first, min(first + limit, len(self.among)))]
        return Page(rows, {"n": rows[-1]["n"]} if len(rows) == limit else None)

    def _load(self, rows: list[Item]) -> list[int | None]:
        return [row["n"] if self.among[row["n"]] else None for row in rows]


def pages(rows: Rows, limit: int, fitting: Callable[[Sequence[int]], int] | None = None) -> list[list[int]]:
    found, token = list[list[int]](), None
    while True:
        page = listed("rows", rows.source, limit, token, fitting)
        found.append(page.items)
        token = page.next_token
        if token is None:
            return found


@given(among=ROWS, limit=st.integers(1, 65))
def test_every_item_comes_once_and_only_the_last_page_is_short(among: list[bool], limit: int) -> None:
    rows = Rows(among)
    found = pages(rows, limit)
    assert [n for page in found for n in page] == rows.members
    assert all(len(page) == limit for page in found[:-1])
    assert found[-1] or len(found) == 1, "a page that was promised holds nothing"


@given(among=ROWS, limit=st.integers(1, 65), most=st.integers(1, 9))
def test_what_does_not_fit_into_an_answer_comes_with_the_next(among: list[bool], limit: int, most: int) -> None:
    rows = Rows(among)
    found = pages(rows, limit, lambda items: min(most, len(items)))
    assert [n for page in found for n in page] == rows.members
    assert all(len(page) == min(limit, most) for page in found[:-1])
    assert found[-1] or len(found) == 1


@pytest.mark.parametrize("count", [1, 19, 20])
def test_a_list_that_nothing_is_missing_from_is_read_once(count: int) -> None:
    rows = Rows([True] * count)
    assert fill(rows.source, 20, None) == ([*range(count)], None)
    assert rows.reads == 1


def test_one_that_is_gone_costs_a_small_read_more() -> None:
    rows = Rows([True] * 20 + [False] + [True] * 20)
    items, last = fill(rows.source, 20, None)
    assert (items, last, rows.reads) == ([*range(20)], {"n": 19}, 2)


def test_what_matches_little_is_gone_through_some_at_a_time() -> None:
    rows = Rows([False] * 11_000 + [True])
    found = pages(rows, 20)
    assert found[0] == []
    assert found[-1] == [11_000]
    assert len(found) == 3
    assert rows.reads <= 3 * 50


def test_a_position_holds_no_more_than_the_keys() -> None:
    _, last = fill(Rows([True] * 3).source, 2, None)
    assert last == {"n": 1}


def test_the_limit_and_the_token_are_checked() -> None:
    source = Rows([True] * 5).source
    token = listed("rows", source, 1, None).next_token
    for name, limit, given_token in (("rows", 0, None), ("rows", 101, None), ("others", 1, token)):
        with pytest.raises(StudioError):
            listed(name, source, limit, given_token)
