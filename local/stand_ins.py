"""What stands in on this machine for services that the emulator has not: found, and configured."""

import json
import urllib.request
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from infra.stages import named
from local.chromium.find import NAMES, find
from local.facts import Facts
from local.ministack import node_folder
from local.synth import PLACEHOLDERS

# How long an endpoint's first machine takes to start.
COLD_SECONDS: Final = 1.0


def node() -> Path:
    """The Node that the browser worker's Playwright runs on."""
    return Path(node_folder()) / "node"


def missing() -> list[str]:
    """What this machine lacks, and what that means."""
    lacks: list[str] = []
    if not find():
        where = f"CHROMIUM names none, nor has the PATH one ({', '.join(NAMES)})"
        lacks.append(f"No Chromium: {where}; nanobanana-basic is UNAVAILABLE")
    if not node().exists():
        lacks.append(f"No Node is at {node()}: nanobanana-basic is UNAVAILABLE")
    return lacks


def without_browser(template: dict[str, Any]) -> dict[str, Any]:
    """Return a template whose functions know of no browser worker, so that its models are UNAVAILABLE to them."""
    lesser = deepcopy(template)
    for resource in lesser["Resources"].values():
        variables = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        if "WORKERS" in variables:
            workers = json.loads(variables["WORKERS"])
            variables["WORKERS"] = json.dumps({name: at for name, at in workers.items() if name != "browser"})
    return lesser


def configure_endpoints(models_url: str, facts: Facts) -> None:
    """Give SageMaker's endpoints the configuration that the templates of AWS hold."""
    provider = named("local", PLACEHOLDERS).providers.sagemaker
    success, error = facts.inference_topics
    configuration = {
        "outputPath": f"s3://{facts.media_bucket}/inference/output/",
        "successTopic": success,
        "errorTopic": error,
        "coldSeconds": COLD_SECONDS,
    }
    for name in provider.endpoints.values() if provider else ():
        configure(f"{models_url}/_endpoints/{name}", configuration)


def configure(url: str, values: Mapping[str, Any]) -> None:
    """Put something to one of our own servers."""
    request = urllib.request.Request(url, json.dumps(values).encode(), method="PUT")  # noqa: S310  # our own server
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass
