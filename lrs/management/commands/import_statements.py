"""Take statements in from a file."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lrs.importers.statements import UnreadableFile, statements_in
from lrs.management.commands.create_lrs_credential import find_organisation
from lrs.services import ImportReport, import_statements, platform_tenant, tenant_of


class Command(BaseCommand):
    help = (
        "Store the statements of a file (JSON lines or an array, also gzipped), 500 at a time. "
        "Safe to repeat. The last line says what became of them; the exit status is 0 only when "
        "all went in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--organisation", metavar="NAME", help="whose record store; without it, the platform's"
        )
        parser.add_argument("--create", action="store_true", help="create the organisation")
        parser.add_argument(
            "--keep-stored", action="store_true", help="keep the time another store stored them"
        )
        parser.add_argument("--dry-run", action="store_true", help="check all, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = platform_tenant()
        if options["organisation"]:
            organisation = find_organisation(options["organisation"], create=options["create"])
            tenant = tenant_of(organisation=organisation)
        report = ImportReport()
        told = 0

        def tell(so_far: ImportReport) -> None:
            nonlocal told, report
            report = so_far
            for refused in so_far.refused[told:]:
                self.stderr.write(f"line {refused.line}: {refused.reason}")
            told = len(so_far.refused)
            self.stderr.write(
                f"{so_far.read:,} read: {so_far.stored:,} stored, "
                f"{so_far.already:,} already there, {told:,} refused"
            )

        broken = ""
        try:
            with options["file"].open("rb") as file:
                report = import_statements(
                    tenant=tenant,
                    lines=statements_in(file),
                    keep_stored=options["keep_stored"],
                    is_rehearsal=options["dry_run"],
                    on_chunk=tell,
                )
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}.") from error
        except UnreadableFile as error:
            broken = str(error)
            self.stderr.write(broken)
        self.stdout.write(
            json.dumps(
                {
                    "stored": report.stored,
                    "already": report.already,
                    "refused": len(report.refused),
                }
            )
        )
        if report.refused or broken:
            sys.exit(1)
