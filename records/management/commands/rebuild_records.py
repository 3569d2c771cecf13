"""Make every record again from the statements, or only check that it would come out equal."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from records.services import rebuild_records


class Command(BaseCommand):
    help = "Project every statement again; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        done = rebuild_records(
            at=timezone.now(),
            keep=not options["check"],
            progress=lambda count: self.stderr.write(f"{count} statements read"),
        )
        self.stdout.write(
            json.dumps(
                {
                    "statements": done.statements,
                    "entries": done.entries,
                    "evidence": done.evidence,
                    "differences": done.differences,
                }
            )
        )
        if options["check"] and done.differences:
            raise SystemExit(1)
