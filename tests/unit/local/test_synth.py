import subprocess
import sys
from pathlib import Path

from local import synth


def tree(root: Path) -> None:
    for name in ("infra", "schema", "studio", "requirements"):
        (root / name).mkdir()
    for name in ("cdk.json", "schema/schema.graphql"):
        (root / name).write_text("{}")


def test_the_fingerprint_follows_content_and_names(tmp_path: Path) -> None:
    tree(tmp_path)
    seen = {synth.fingerprint(tmp_path)}
    for change in ("a", "b"):
        (tmp_path / "infra/rules.py").write_text(change)
        seen.add(synth.fingerprint(tmp_path))
    (tmp_path / "infra/rules.py").rename(tmp_path / "infra/law.py")
    seen.add(synth.fingerprint(tmp_path))
    assert len(seen) == 4


def test_what_no_template_holds_does_not_change_it(tmp_path: Path) -> None:
    tree(tmp_path)
    before = synth.fingerprint(tmp_path)
    (tmp_path / "studio/rules.py").write_text("a = 1\n")  # its zip is put in at each deploy
    (tmp_path / "infra/__pycache__").mkdir()
    (tmp_path / "infra/__pycache__/rules.pyc").write_bytes(b"1")
    assert synth.fingerprint(tmp_path) == before


def test_one_of_two_that_synthesize_the_same_at_once_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(name)
        synth.keep(tmp_path / name, kept)
    assert (kept / "manifest.json").read_text() == "first"
    assert not (tmp_path / "second").exists()


def test_half_an_assembly_makes_room(tmp_path: Path) -> None:
    kept, whole = tmp_path / "kept", tmp_path / "whole"
    kept.mkdir()
    (kept / "tree.json").touch()
    whole.mkdir()
    (whole / "manifest.json").touch()
    synth.keep(whole, kept)
    assert [path.name for path in kept.iterdir()] == ["manifest.json"]


def test_what_another_process_has_removed_meanwhile_is_the_oldest(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    gone, here = tmp_path / "gone", tmp_path / "here"
    assert synth.newest_first([gone, here]) == [here, gone]


def test_only_synthesizing_starts_the_cdk() -> None:
    """It costs each process that imports it a second, and a Node beside it."""
    code = "import local.facts, local.watch, sys; sys.exit('aws_cdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=synth.ROOT, check=False).returncode == 0
