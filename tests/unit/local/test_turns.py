"""Turns: a few at a time, in order, and no longer behind what only waits."""

import asyncio

from local.turns import Turns


class Hall:
    """Calls inside, in the order of their entering; each stays until it is let out."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.inside: list[int] = []
        self.most = 0
        self.out = asyncio.Event()
        self.entered = asyncio.Event()

    async def call(self, number: int) -> None:
        async with self.turns:
            self.inside.append(number)
            self.entered.set()
            await self.out.wait()

    async def until(self, inside: int) -> None:
        while len(self.inside) < inside:
            self.entered.clear()
            await self.entered.wait()


async def test_calls_beyond_those_at_a_time_wait_in_their_order() -> None:
    running, most, order = 0, 0, list[int]()

    async def call(number: int, turns: Turns) -> None:
        nonlocal running, most
        async with turns:
            running += 1
            most = max(most, running)
            order.append(number)
            await asyncio.sleep(0)
            running -= 1

    turns = Turns(at_once=2, patience=60)
    async with asyncio.timeout(30):
        await asyncio.gather(*(call(number, turns) for number in range(50)))
    assert order == list(range(50))
    assert most == 2


async def test_what_only_waits_holds_nobody_up_for_long() -> None:
    hall = Hall(Turns(at_once=2, patience=0.01))
    calls = [asyncio.create_task(hall.call(number)) for number in range(5)]
    async with asyncio.timeout(30):
        await hall.until(5)  # nobody has left
        hall.out.set()
        await asyncio.gather(*calls)
    assert hall.inside == [0, 1, 2, 3, 4]


async def test_who_goes_away_from_the_line_takes_no_place() -> None:
    hall = Hall(Turns(at_once=1, patience=60))
    first, gone, last = (asyncio.create_task(hall.call(number)) for number in range(3))
    async with asyncio.timeout(30):
        await hall.until(1)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        hall.out.set()
        await asyncio.gather(first, last)
    assert hall.inside == [0, 2]
