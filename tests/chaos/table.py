"""A chaos run as a table for people."""

from collections.abc import Iterator, Mapping

from tests.chaos.run import Report

WIDTH = 46
MOST_BROKEN = 20


def lines(report: Report) -> Iterator[str]:
    """Yield the table, line by line."""
    plan, verdict = report.plan, report.verdict
    yield f"Chaos, seed {plan.seed}: {plan.jobs} jobs in {len(plan.requests)} requests, {len(plan.orders)} orders"
    yield from _section("Injected", report.injected)
    yield from _section("At the provider", report.provider)
    yield from _section("Ends", verdict.ends)
    yield from _section("Why jobs failed", verdict.codes)
    yield from _section("Orders", verdict.orders)
    yield from _section("Their payments", verdict.money)
    yield from _section("Claims a job needed", {f"{n}": jobs for n, jobs in sorted(verdict.claims.items())})
    yield from _section(
        "Books and events",
        {
            "refunds": verdict.refunds,
            "refunds due": verdict.ends["FAILED"] + verdict.ends["CANCELED"],
            "drift (points)": verdict.drift,
            "terminal events missed": verdict.missed,
            "duplicates dropped by clients": verdict.dropped,
            "pictures without a job to show them": verdict.left_behind,
        },
    )
    yield ""
    yield from _verdict(report)


def _section(title: str, figures: Mapping[str, int]) -> Iterator[str]:
    yield ""
    yield title
    yield from (f"  {name:<{WIDTH}}{figure:>6}" for name, figure in sorted(figures.items()))


def _verdict(report: Report) -> Iterator[str]:
    broken = report.verdict.broken
    yield from (f"  BROKEN  {what}" for what in broken[:MOST_BROKEN])
    if len(broken) > MOST_BROKEN:
        yield f"  … and {len(broken) - MOST_BROKEN} more"
    yield f"{'Every promise held' if not broken else f'{len(broken)} promises broken'} ({report.seconds:.0f} s)"
