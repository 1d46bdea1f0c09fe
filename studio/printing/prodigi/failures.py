"""Why Prodigi refused a request, from the failures that it names.

The documentation shows no failure; sandbox and live answer, as clients have recorded,
`{"outcome": "ValidationFailed", "failures": {"items[0].sku": [{"code": "SkuNotFound", "providedValue": "…"}]},
"traceParent": "…"}`. The value that was provided is left out: it may be part of an address.
"""

import re
from collections.abc import Iterator
from typing import Any

from studio.printing.prodigi.values import Values
from studio.printing.protocol import PrintRefusedError, Refusal

_FIELD = re.compile(r"[A-Za-z0-9_.\[\]]{1,100}")
_CODE = re.compile(r"[A-Za-z0-9_.]{1,100}")
_TRACE = re.compile(r"[0-9A-Za-z-]{1,100}")
_MOST = 10
# By what a field's path begins with or holds, without case; the first that fits.
_REFUSALS = (
    (re.compile(r"recipient|destinationcountrycode"), Refusal.ADDRESS),
    (re.compile(r"idempotencykey"), Refusal.KEY_REUSED),
    (re.compile(r"items.*\.assets"), Refusal.FILE),
    (re.compile(r"items"), Refusal.PRODUCT),
)


def refusal(body: Values) -> PrintRefusedError:
    """Return the refusal to raise; of several failures, what the customer could change comes first."""
    details = tuple(_details(body.get("failures")))[:_MOST]
    found = [_kind(detail) for detail in details]
    kind = min(found, key=list(Refusal).index, default=Refusal.REQUEST)
    return PrintRefusedError(kind, details, trace(body))


def trace(body: Values) -> str | None:
    """Return the name of the request that Prodigi's support asks for."""
    value = body.get("traceParent")
    return value if isinstance(value, str) and _TRACE.fullmatch(value) else None


def _details(failures: Any) -> Iterator[str]:
    for field, of_field in failures.items() if isinstance(failures, dict) else ():
        for failure in of_field if isinstance(of_field, list) else ():
            code = failure.get("code") if isinstance(failure, dict) else None
            named = isinstance(code, str) and _CODE.fullmatch(code)
            if _FIELD.fullmatch(str(field)):
                yield f"{field}: {code if named else 'no code'}"


def _kind(detail: str) -> Refusal:
    field = detail.partition(":")[0].lower()
    return next((kind for pattern, kind in _REFUSALS if pattern.match(field)), Refusal.REQUEST)
