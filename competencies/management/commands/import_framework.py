"""Bring frameworks in from a CSV, XLSX or CASE JSON file."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from competencies.services import (
    MOST_BYTES,
    BrokenTree,
    FrameworkNotReady,
    ImportedFramework,
    ImportReport,
    PartsRefused,
    UnreadableFile,
    import_file,
)


class Command(BaseCommand):
    help = (
        "Bring frameworks in from a CSV, XLSX or CASE JSON file. Parts that cannot be taken are "
        "refused and the rest goes in (exit status 1); safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--strict", action="store_true", help="put in all or none")
        parser.add_argument(
            "--as-new",
            action="store_true",
            help="make another framework of it, with identifiers of its own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_file(
                data=_read(options["file"]),
                at=timezone.now(),
                is_dry_run=options["dry_run"],
                is_strict=options["strict"],
                as_new=options["as_new"],
            )
        except PartsRefused as error:
            for one in error.refused:
                self._say(f"refused, {one.where}: {one.reason}")
            self._finish(refused=[one.as_dict() for one in error.refused], failed=True)
        except (UnreadableFile, BrokenTree, FrameworkNotReady) as error:
            self._say(f"{options['file'].name}: {error}")
            self._finish(refused=[{"where": "file", "reason": str(error)}], failed=True)
        else:
            self._report(report, is_dry_run=options["dry_run"])

    def _report(self, report: ImportReport, *, is_dry_run: bool) -> None:
        for done in report.frameworks:
            self._say(
                f"{done.change}: {done.version} (version {done.version.number}), "
                f"{done.items} items, {done.associations} associations"
            )
        for sentence in report.repaired:
            self._say(f"repaired: {sentence}")
        for sentence in report.lost:
            self._say(f"lost: {sentence}")
        for one in report.refused:
            self._say(f"refused, {one.where}: {one.reason}")
        if is_dry_run:
            self._say("This was a dry run: nothing has been stored.")
        self._finish(
            frameworks=[_summary(done) for done in report.frameworks],
            repaired=list(report.repaired),
            lost=list(report.lost),
            refused=[one.as_dict() for one in report.refused],
            failed=bool(report.refused),
        )

    def _say(self, text: str) -> None:
        self.stderr.write(text)

    def _finish(self, *, failed: bool, **said: Any) -> None:
        whole = {"frameworks": [], "repaired": [], "lost": [], "refused": [], **said}
        self.stdout.write(json.dumps(whole, ensure_ascii=False))
        if failed:
            sys.exit(1)


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UnreadableFile(
                f"The file has {size / 1024 / 1024:.0f} MB; the most is "
                f"{MOST_BYTES // 1024 // 1024} MB. Split it, or leave out what is not needed."
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"The file cannot be opened: {error.strerror}.") from error


def _summary(done: ImportedFramework) -> dict[str, Any]:
    version = done.version
    return {
        "id": str(version.uuid),
        "title": version.title,
        "items": done.items,
        "associations": done.associations,
        "framework": str(version.framework.uuid),
        "slug": version.framework.slug,
        "version": version.number,
        "status": version.status,
        "change": done.change,
    }
