"""The app as a whole: one stage's five stacks.

`python -m infra.app` is what `cdk.json` names: `cdk synth -c stage=dev`. From Python, `build` does the same without the
CDK's command.
"""

import json
from collections.abc import Mapping
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
from infra.stages import StageError, named
from infra.zips import ROOT

# What the stages read from the CDK context.
_CONTEXT = (
    *("graphqlUrl", "explorerUrl", "awsUrl", "downloadsUrl", "modelsUrl", "bankUrl", "printerUrl"),
    *("firestoreHost", "chromium", "node"),
    *("vertexProject", "vertexLocation", "firebaseProject", "sdxlImage", "sdxlModelFile", "browserPage"),
    *("ratesUrl", "webOrigins", "alarmEmail", "downloadsDomain", "downloadsCertificate", "mailDomain"),
)


def build(stage: str, context: Mapping[str, str], outdir: str | PathLike[str]) -> CloudAssembly:
    """Synthesize one stage into a folder, without Docker and without AWS.

    Parameters
    ----------
    stage
        Its name, as in `stages.named`.
    context
        CDK context values that the stage reads.

    Raises
    ------
    StageError
        No such stage, or a context value is missing.
    """
    return _synthesize(App(context={**_flags(), **context, "stage": stage}, outdir=fspath(outdir)))


def _synthesize(app: App) -> CloudAssembly:
    name = app.node.try_get_context("stage")
    if not name:
        raise StageError("say which stage: -c stage=dev")
    values = {key: str(value) for key in _CONTEXT if (value := app.node.try_get_context(key)) is not None}
    stage = named(name, values)
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
    _synthesize(App())
