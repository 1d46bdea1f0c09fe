"""The app as a whole: one stage's five stacks.

`python -m infra.app` is what `cdk.json` names: `cdk synth -c stage=dev`. From Python, `build` does the same without the
CDK's command.
"""

import json
from os import PathLike, fspath
from typing import Any

from aws_cdk import App, Tags
from aws_cdk.cx_api import CloudAssembly

from infra.constructs.audit import audit
from infra.constructs.resources import Resources
from infra.stacks.api import Api
from infra.stacks.auth import Auth
from infra.stacks.data import Data
from infra.stacks.jobs import Jobs
from infra.stacks.payments import Payments
from infra.stages import Stage, StageError, named
from infra.zips import ROOT


def build(stage: Stage, outdir: str | PathLike[str]) -> CloudAssembly:
    """Synthesize one stage into a folder, without Docker and without AWS."""
    return _synthesize(App(context=_flags(), outdir=fspath(outdir)), stage)


def _asked(app: App) -> Stage:
    name = app.node.try_get_context("stage")
    if not name:
        raise StageError("say which stage: -c stage=dev")
    return named(name)


def _synthesize(app: App, stage: Stage) -> CloudAssembly:
    resources = Resources(stage, Data(app, stage))
    # Each stack's functions may use what the stacks before it made.
    auth = Auth(app, resources)
    Payments(app, resources)
    Api(app, resources, auth)
    Jobs(app, resources)
    Tags.of(app).add("app", "namo")
    Tags.of(app).add("stage", stage.name)
    if stage.hardening.audited:
        audit(app)
    return app.synth()


def _flags() -> dict[str, Any]:
    """Return the CDK's feature flags, which its own command would take from the same file."""
    return json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]


if __name__ == "__main__":
    app = App()
    _synthesize(app, _asked(app))
