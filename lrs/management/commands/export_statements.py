"""Write an organisation's statements into a file."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lrs.exporters.files import CannotGoOn
from lrs.management.commands.create_lrs_credential import find_organisation
from lrs.management.progress import Progress
from lrs.queries import count_of_statements, identifier_of
from lrs.rules.formats import is_iri
from lrs.rules.reading import ForeignCursor
from lrs.rules.refusal import Refusal
from lrs.rules.times import parse_instant
from lrs.rules.validation import check_actor
from lrs.services import (
    ExportFilter,
    ExportReport,
    export_statements,
    platform_tenant,
    tenant_of,
)


class Command(BaseCommand):
    help = (
        "Write statements into a file, one a line as JSON, gzipped when its name ends in .gz. It "
        "is FILE.part until it is whole. The last line has the cursor from which a later export "
        "goes on (--after)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--organisation", metavar="NAME", help="whose record store; without it, the platform's"
        )
        parser.add_argument("--since", metavar="TIME", help="only what was stored after this")
        parser.add_argument("--until", metavar="TIME", help="only what was stored until then")
        parser.add_argument("--verb", metavar="IRI")
        parser.add_argument("--activity", metavar="IRI", help="that they are about")
        parser.add_argument("--agent", metavar="JSON", help='such as {"mbox": "mailto:a@b.org"}')
        parser.add_argument("--with-voided", action="store_true", help="void ones too")
        parser.add_argument("--after", metavar="CURSOR", default="", help="of an earlier export")
        parser.add_argument("--resume", action="store_true", help="go on with one that stopped")
        parser.add_argument(
            "--attachments", type=Path, metavar="PATH", help="a folder, or a name in .zip"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = ExportFilter(
            since=_instant(options["since"], "--since"),
            until=_instant(options["until"], "--until"),
            verb=_iri(options["verb"], "--verb"),
            activity=_iri(options["activity"], "--activity"),
            agent=_agent(options["agent"]),
            with_voided=options["with_voided"],
        )
        tenant = platform_tenant()
        if options["organisation"]:
            organisation = find_organisation(options["organisation"], create=False)
            tenant = tenant_of(organisation=organisation)
        whole = 0 if options["after"] or options["resume"] else count_of_statements(tenant=tenant)
        progress = Progress(self.stderr.write)

        def tell(report: ExportReport) -> None:
            share = min(1.0, report.read / whole) if whole else None
            progress.note(f"{report.exported:,} written", done=report.read, share=share)

        try:
            report = export_statements(
                tenant=tenant,
                path=options["file"],
                filter=wanted,
                after=options["after"],
                attachments=options["attachments"],
                is_resumed=options["resume"],
                on_page=tell,
            )
        except (ForeignCursor, CannotGoOn) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as stopped:
            message = "Stopped. Give the same command with --resume to go on with what is written."
            raise CommandError(message, returncode=130) from stopped
        except OSError as error:
            raise CommandError(f"Cannot write {error.filename}: {error.strerror}.") from error
        progress.end(f"{report.exported:,} written", done=report.read)
        said = {"exported": report.exported, "cursor": report.cursor, "file": str(options["file"])}
        if options["attachments"]:
            said["attachments"] = report.attachments
            said["missing_attachments"] = report.missing_attachments
        self.stdout.write(json.dumps(said))


def _instant(text: str | None, name: str) -> datetime | None:
    try:
        return None if text is None else parse_instant(text)
    except ValueError as error:
        raise CommandError(f"{name}: {error}") from error


def _iri(text: str | None, name: str) -> str | None:
    if text is not None and not is_iri(text):
        raise CommandError(f"{name}: write a whole IRI.")
    return text


def _agent(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        actor = orjson.loads(text)
        check_actor(actor, "--agent")
    except ValueError as error:
        raise CommandError("--agent: write it as JSON.") from error
    except Refusal as error:
        raise CommandError(f"{error.path}: {error.message}") from error
    found = identifier_of(actor)
    if found is None:
        raise CommandError("--agent: name an agent, or a group with an identifier.")
    return found
