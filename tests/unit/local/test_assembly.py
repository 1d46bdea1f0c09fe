import io
import json
import zipfile
from pathlib import Path
from typing import Any

from local import assembly
from local.ministack import ACCOUNT, REGION


def artifact(stack: str, *dependencies: str) -> dict[str, Any]:
    return {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": f"{stack}.json", "stackName": f"namo-local-{stack}"},
        "dependencies": [f"{stack}.assets", *dependencies],
    }


def write(folder: Path) -> None:
    artifacts: dict[str, Any] = {
        "jobs": artifact("jobs", "data"),
        "data": artifact("data"),
        "Tree": {"type": "cdk:tree"},
    }
    destination = {"bucketName": "assets-${AWS::AccountId}-${AWS::Region}", "objectKey": "code.zip"}
    for name in ("jobs", "data"):
        artifacts[f"{name}.assets"] = {"type": "cdk:asset-manifest", "properties": {"file": f"{name}.assets.json"}}
        (folder / f"{name}.json").write_text(json.dumps({"Resources": {}}))
        template = {"source": {"path": f"{name}.json", "packaging": "file"}, "destinations": {"x": destination}}
        code = {"source": {"path": "code", "packaging": "zip"}, "destinations": {"x": destination}}
        (folder / f"{name}.assets.json").write_text(json.dumps({"files": {"template": template, "code": code}}))
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    (folder / "code").mkdir()
    (folder / "code/handler.py").write_text("pass\n")


def test_stacks_come_after_what_they_need(tmp_path: Path) -> None:
    write(tmp_path)
    data, jobs = assembly.read(tmp_path, {})
    assert (data.name, data.needs) == ("namo-local-data", frozenset())
    assert (jobs.name, jobs.needs) == ("namo-local-jobs", {"namo-local-data"})


def test_assets_are_addressed_and_the_template_is_none_of_them(tmp_path: Path) -> None:
    write(tmp_path)
    (asset,) = assembly.read(tmp_path, {})[0].assets
    assert (asset.bucket, asset.key) == (f"assets-{ACCOUNT}-{REGION}", "code.zip")
    with zipfile.ZipFile(io.BytesIO(asset.content())) as archive:
        assert archive.read("handler.py") == b"pass\n"


def test_a_replaced_asset_goes_by_its_own_name(tmp_path: Path) -> None:
    write(tmp_path)
    newer = tmp_path / "api-1234.zip"
    (asset,) = assembly.read(tmp_path, {"code": newer})[0].assets
    assert (asset.source, asset.key, asset.written_key) == (newer, "api-1234.zip", "code.zip")


def test_equal_folders_make_equal_zips(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("a = 1\n")
    assert assembly.zipped(tmp_path / "one") == assembly.zipped(tmp_path / "two")
