"""Starting: what was made before is not made again."""

from pathlib import Path

from config.management.commands.start import fingerprint


def test_files_are_made_again_only_when_something_they_are_made_from_changed(
    tmp_path: Path,
) -> None:
    (tmp_path / "cms" / "static" / "cms").mkdir(parents=True)
    (tmp_path / "var" / "static").mkdir(parents=True)
    for name in ("cms/__init__.py", "cms/static/cms/a.css", "requirements.txt"):
        (tmp_path / name).write_text("1")
    before = fingerprint(tmp_path)

    (tmp_path / "var" / "static" / "a.css").write_text("collected")
    assert fingerprint(tmp_path) == before
    (tmp_path / "cms" / "static" / "cms" / "a.css").write_text("another")
    assert fingerprint(tmp_path) != before
