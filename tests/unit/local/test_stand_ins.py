from pathlib import Path
from typing import Any

import pytest

from local import stand_ins
from local.stand_ins import configure_endpoints, missing, without_browser
from tests.unit.local.conftest import Put
from tests.unit.local.test_output_files import FACTS


def test_every_endpoint_is_told_where_it_writes_and_whom_it_tells(puts: tuple[str, list[Put]]) -> None:
    url, received = puts
    configure_endpoints(url, FACTS)
    ((path, configuration),) = received
    assert path == "/_endpoints/namo-local-sdxl"
    assert configuration.pop("coldSeconds") > 0
    assert configuration == {
        "outputPath": "s3://media/inference/output/",
        "successTopic": "arn:success",
        "errorTopic": "arn:error",
    }


def test_what_is_missing_is_said_with_what_it_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "chromium"))
    monkeypatch.setattr(stand_ins, "node_folder", lambda: str(tmp_path))
    no_chromium, no_node = missing()
    assert no_chromium.startswith("No Chromium")
    assert no_node.startswith("No Node")
    assert all("nanobanana-basic" in gap for gap in (no_chromium, no_node))


def test_without_a_browser_no_function_knows_of_its_worker() -> None:
    def template(workers: str) -> dict[str, Any]:
        variables = {"WORKERS": workers, "OTHER": "kept"}
        return {"Resources": {"a": {"Properties": {"Environment": {"Variables": variables}}}, "b": {"Type": "x"}}}

    whole = template('{"browser": "namo-local-browser", "vertex": "namo-local-vertex"}')
    assert without_browser(whole) == template('{"vertex": "namo-local-vertex"}')
    assert "browser" in str(whole)
