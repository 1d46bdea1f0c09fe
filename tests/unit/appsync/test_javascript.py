"""The JavaScript runtime by itself."""

import asyncio
import os
import re
import signal
from typing import Any

import pytest

from local.appsync.errors import FieldError
from local.appsync.javascript import JavaScript

UTIL = "import { util, runtime } from '@aws-appsync/utils';"


async def run(node: JavaScript, expression: str, **context: Any) -> Any:
    done = await node.evaluate(f"{UTIL} export const request = (ctx) => ({expression});", "request", context)
    if done.error:
        raise done.error
    return done.value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("util.base64Encode('grüß')", "Z3LDvMOf"),
        ("util.base64Decode('Z3LDvMOf')", "grüß"),
        ("util.urlEncode('a b&c')", "a+b%26c"),
        ("util.urlDecode('a+b%26c')", "a b&c"),
        ("util.matches('a.c', 'abc')", True),
        ("util.matches('a', 'abc')", False),
        ("util.escapeJavaScript('a\"b\\'')", "a\\\"b\\'"),
        ("util.defaultIfNull(null, 3)", 3),
        ("util.isNull(undefined)", True),
        ("util.str.normalize('e\\u0301', 'nfc')", "é"),
        ("util.math.roundNum(2.5)", 3),
        ("util.time.epochMilliSecondsToISO8601(0)", "1970-01-01T00:00:00.000Z"),
        ("util.time.epochMilliSecondsToFormatted(0, \"yyyy-MM-dd'T'HH:mm:ss\")", "1970-01-01T00:00:00"),
        ("util.time.parseISO8601ToEpochMilliSeconds('1970-01-01T00:00:01Z')", 1000),
        ("util.authType()", "API Key Authorization"),
        ("undefined", None),
        ("ctx.args.x + ctx.arguments.x", 2),
    ],
)
async def test_utilities(javascript: JavaScript, expression: str, value: Any) -> None:
    assert await run(javascript, expression, arguments={"x": 1}, stash={}) == value


async def test_ids_and_times(javascript: JavaScript) -> None:
    uuid, ulid, ksuid, ago = await run(
        javascript,
        "[util.autoId(), util.autoUlid(), util.autoKsuid(), Date.now() / 1000 - util.time.nowEpochSeconds()]",
    )
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uuid)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", ulid)
    assert re.fullmatch(r"[0-9A-Za-z]{27}", ksuid)
    assert -1 < ago < 2


async def test_filters_from_conditions(javascript: JavaScript) -> None:
    made = await run(
        javascript, "util.transform.toSubscriptionFilter({ or: [{ a: { eq: 1 } }, { b: { in: [2] } }], c: { ne: 3 } })"
    )
    own = {"fieldName": "c", "operator": "ne", "value": 3}
    assert made == {
        "filterGroup": [
            {"filters": [own, {"fieldName": "a", "operator": "eq", "value": 1}]},
            {"filters": [own, {"fieldName": "b", "operator": "in", "value": [2]}]},
        ]
    }


@pytest.mark.parametrize("expression", ["util.xml.toMap('<a/>')", "util.nothing()", "process.exit()", "require('fs')"])
async def test_what_is_not_there_is_an_error_with_a_name(javascript: JavaScript, expression: str) -> None:
    with pytest.raises(FieldError, match=r"xml|nothing|process|require"):
        await run(javascript, expression)


async def test_many_at_once_get_their_own_answers(javascript: JavaScript) -> None:
    assert await asyncio.gather(*(run(javascript, f"{number}") for number in range(50))) == list(range(50))


async def test_an_endless_handler_is_ended_and_the_next_one_runs() -> None:
    node = JavaScript(seconds=1.0)
    try:
        with pytest.raises(FieldError, match="did not end"):
            await run(node, "(() => { for (;;) {} })()")
        assert await run(node, "1") == 1
    finally:
        await node.close()


async def test_a_runtime_that_died_fails_who_waits_and_is_started_again() -> None:
    node = JavaScript()
    try:
        process_id = await run(node, "util.autoId.constructor('return process')().pid")
        waiting = asyncio.create_task(run(node, "(() => { for (;;) {} })()"))
        await asyncio.sleep(0)
        os.kill(process_id, signal.SIGKILL)
        with pytest.raises(FieldError):
            await waiting
        assert await run(node, "2") == 2
    finally:
        await node.close()


async def test_logging_does_not_disturb_the_answers(javascript: JavaScript) -> None:
    assert await run(javascript, "(console.log('x', { a: 1 }), 4)") == 4
