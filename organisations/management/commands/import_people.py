"""Bring in a staff list. The columns are in docs/reference/commands.md."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from organisations.importers import MAX_FILE_BYTES, FileRefused
from organisations.models import Organisation
from organisations.services import RefusedLine, StaffListResult, import_people


class Command(BaseCommand):
    help = "Bring in a staff list (CSV or XLSX); new people are invited."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", help="whose list it is, if no column says so")
        parser.add_argument("--dry-run", action="store_true", help="check everything, keep nothing")
        parser.add_argument("--strict", action="store_true", help="all lines or none")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = self._organisation(options["organisation"])
        try:
            result = import_people(
                content=self._content(options["file"]),
                on=timezone.localdate(),
                at=timezone.now(),
                organisation=organisation,
                dry_run=options["dry_run"],
                strict=options["strict"],
            )
        except FileRefused as error:
            result = StaffListResult(0, 0, [RefusedLine(line=error.line, reason=str(error))])
        self._report(result, dry_run=options["dry_run"])
        if result.refused:
            sys.exit(1)

    def _organisation(self, name: str | None) -> Organisation | None:
        if name is None:
            return None
        found = Organisation.objects.filter(name__iexact=name.strip()).first()
        if found is None:
            raise CommandError(f"There is no organisation called {name!r} here. Check the name.")
        return found

    def _content(self, file: Path) -> bytes:
        try:
            with file.open("rb") as stream:
                return stream.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error

    def _report(self, result: StaffListResult, *, dry_run: bool) -> None:
        if result.unknown_columns:
            self.stderr.write(f"Not used: {', '.join(result.unknown_columns)}")
        for one in result.refused:
            self.stderr.write(f"line {one.line}: {one.reason}")
        self.stderr.write(
            f"{'Would create' if dry_run else 'Created'} {result.created}, "
            f"{'would update' if dry_run else 'updated'} {result.updated}, "
            f"left {result.unchanged} as they were, refused {len(result.refused)}."
        )
        answer = {
            "created": result.created,
            "updated": result.updated,
            "refused": [{"line": one.line, "reason": one.reason} for one in result.refused],
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
