"""Take statements in from a file, or from another record store."""

import json
import os
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lrs.importers.contents import contents_at, with_contents
from lrs.importers.remote import PAGE, BadSource, RemoteStore
from lrs.importers.statements import UnreadableFile, statements_in
from lrs.management.commands.create_lrs_credential import find_organisation
from lrs.management.progress import Progress
from lrs.models import Tenant
from lrs.rules.times import parse_instant
from lrs.rules.versions import BOOKS
from lrs.services import (
    BringReport,
    ImportReport,
    bring_in_statements,
    import_statements,
    platform_tenant,
    tenant_of,
)

SECRET: str = "IMPORT_SECRET"  # noqa: S105 - the name of a variable


class Command(BaseCommand):
    help = (
        "Store the statements of a file (JSON lines or an array, also gzipped) or of another "
        "record store. Committed as it goes and safe to repeat; from a store it goes on where it "
        "stopped. The last line says what became of them; the exit status is 0 only when all "
        "went in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--organisation", metavar="NAME", help="whose record store; without it, the platform's"
        )
        parser.add_argument("--create", action="store_true", help="create the organisation")
        parser.add_argument(
            "--keep-stored", action="store_true", help="keep the time another store stored them"
        )
        parser.add_argument(
            "--keep-authority", action="store_true", help="keep who vouched for them there"
        )
        parser.add_argument("--dry-run", action="store_true", help="check all, store nothing")
        parser.add_argument(
            "--attachments", type=Path, metavar="PATH", help="folder or zip beside the file"
        )
        other = parser.add_argument_group("from another record store")
        other.add_argument("--url", metavar="ENDPOINT", help="the address above /statements")
        other.add_argument("--key", default="")
        other.add_argument(
            "--secret-file", type=Path, help=f"its first line; without it, the variable {SECRET}"
        )
        versions = [book.version for book in BOOKS]
        other.add_argument("--xapi-version", choices=versions, default="", help="else it is asked")
        other.add_argument("--since", metavar="TIME", help="only what it stored after this")
        other.add_argument("--until", metavar="TIME", help="only what it stored until then")
        other.add_argument("--page", type=int, default=PAGE, help="statements a request")
        other.add_argument("--from-start", action="store_true", help="begin anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["file"] is None) == (options["url"] is None):
            raise CommandError("Give a file, or --url with the address of another record store.")
        source = self._source(options) if options["url"] else None
        tenant = platform_tenant()
        if options["organisation"]:
            organisation = find_organisation(options["organisation"], create=options["create"])
            tenant = tenant_of(organisation=organisation)
        try:
            if source is not None:
                self._from_store(tenant, source, options)
            else:
                self._from_file(tenant, options)
        except KeyboardInterrupt as stopped:
            kept = "nothing was kept" if options["dry_run"] else "what has come is kept"
            message = f"Stopped; {kept}. Give the same command again to go on."
            raise CommandError(message, returncode=130) from stopped

    def _from_file(self, tenant: Tenant, options: dict[str, Any]) -> None:
        report, told, broken = ImportReport(), 0, ""
        progress = Progress(self.stderr.write)
        try:
            size = options["file"].stat().st_size
            with options["file"].open("rb") as file:

                def tell(so_far: ImportReport) -> None:
                    nonlocal told, report
                    report = so_far
                    told = self._tell_refused(report, told, "line")
                    share = file.tell() / size if size else None
                    progress.note(_counts(report), done=report.read, share=share)

                lines = statements_in(file)
                if options["attachments"]:
                    lines = with_contents(lines, contents_at(options["attachments"]))
                report = import_statements(
                    tenant=tenant,
                    lines=lines,
                    keep_stored=options["keep_stored"],
                    keep_authority=options["keep_authority"],
                    is_rehearsal=options["dry_run"],
                    on_chunk=tell,
                )
        except OSError as error:
            raise CommandError(f"Cannot read {error.filename}: {error.strerror}.") from error
        except zipfile.BadZipFile as error:
            raise CommandError(f"{options['attachments']} is no zip file.") from error
        except UnreadableFile as error:
            broken = str(error)
            self.stderr.write(broken)
        self._end(progress, report, bool(broken), options["attachments"] is not None, {})

    def _from_store(self, tenant: Tenant, source: RemoteStore, options: dict[str, Any]) -> None:
        report, told, broken = BringReport(), 0, ""
        until = _instant(options["until"], "--until")
        progress = Progress(self.stderr.write)

        def tell(so_far: BringReport) -> None:
            nonlocal told, report
            report = so_far
            told = self._tell_refused(report.counts, told, "statement")
            counts = _counts(report.counts)
            if report.last_stored is not None:
                counts += f", up to {report.last_stored:%Y-%m-%d %H:%M}"
            progress.note(counts, done=report.counts.read, share=_share(report, until))

        try:
            report = bring_in_statements(
                tenant=tenant,
                source=source,
                clock=timezone.now,
                since=_instant(options["since"], "--since"),
                until=until,
                keep_stored=options["keep_stored"],
                keep_authority=options["keep_authority"],
                from_start=options["from_start"],
                is_rehearsal=options["dry_run"],
                on_page=tell,
            )
        except BadSource as error:
            broken = str(error)
            self.stderr.write(broken)
        if report.went_on_from is not None:
            self.stderr.write(
                f"Went on from {report.went_on_from:%Y-%m-%d %H:%M:%S}, where an earlier import "
                "had stopped; --from-start begins anew."
            )
        if report.not_had:
            self.stderr.write(f"{report.not_had:,} voided statements are not given by the source.")
        if not report.is_in_order:
            self.stderr.write(
                "The source does not keep the order of storing, so an import from it cannot be "
                "gone on with; repeating it is safe."
            )
        more = {"voided_not_had": report.not_had, "version": source.version}
        self._end(progress, report.counts, bool(broken), True, more)

    def _source(self, options: dict[str, Any]) -> RemoteStore:
        if options["page"] < 1:
            raise CommandError("--page is at least 1.")
        secret = os.environ.get(SECRET, "")
        if options["secret_file"]:
            try:
                secret = options["secret_file"].read_text().partition("\n")[0].strip()
            except OSError as error:
                message = f"Cannot read {options['secret_file']}: {error.strerror}."
                raise CommandError(message) from error
        endpoint = options["url"].rstrip("/").removesuffix("/statements")
        return RemoteStore(
            endpoint,
            options["key"],
            secret,
            options["xapi_version"],
            options["page"],
            on_wait=lambda why, seconds: self.stderr.write(f"{why} Waiting {seconds:.0f} seconds."),
        )

    def _tell_refused(self, report: ImportReport, told: int, kind: str) -> int:
        for refused in report.refused[told:]:
            self.stderr.write(f"{kind} {refused.line}: {refused.reason}")
        return len(report.refused)

    def _end(
        self,
        progress: Progress,
        report: ImportReport,
        is_broken: bool,
        has_attachments: bool,
        more: dict[str, Any],
    ) -> None:
        progress.end(_counts(report), done=report.read)
        said: dict[str, Any] = {
            "stored": report.stored,
            "already": report.already,
            "refused": len(report.refused),
        }
        if has_attachments:
            said["attachments"] = report.attachments
        self.stdout.write(json.dumps(said | more))
        if report.refused or is_broken:
            sys.exit(1)


def _counts(report: ImportReport) -> str:
    return (
        f"{report.read:,} read: {report.stored:,} stored, "
        f"{report.already:,} already there, {len(report.refused):,} refused"
    )


def _share(report: BringReport, until: datetime | None) -> float | None:
    """How much of the time there is has been gone through: a store does not say how many it has."""
    if report.first_stored is None or report.last_stored is None:
        return None
    whole = ((until or timezone.now()) - report.first_stored).total_seconds()
    return (report.last_stored - report.first_stored).total_seconds() / whole if whole > 0 else None


def _instant(text: str | None, name: str) -> datetime | None:
    try:
        return None if text is None else parse_instant(text)
    except ValueError as error:
        raise CommandError(f"{name}: {error}") from error
