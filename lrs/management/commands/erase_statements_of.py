"""Erase a person from a record store."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lrs.enums import ActStatus
from lrs.management.stores import add_store, identifier_of, stores_of, summary, told
from lrs.queries.lifecycle import documents_of, how_many_name
from lrs.rules.who import Who
from lrs.services import ReasonNamesPerson, erase_actor


class Command(BaseCommand):
    help = (
        "Rewrite every statement that names a person so that nothing does, and delete their state "
        "and profiles. Goes on where a crash left it. The last line says what became of it; the "
        "exit status is 0 only when all is done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "identifier",
            nargs="+",
            help="an address, its SHA-1 sum, an OpenID, or an account as HOMEPAGE|NAME; several "
            "of one person together",
        )
        parser.add_argument("--reason", default="Asked by an operator.", help="without the person")
        parser.add_argument("--extensions", action="store_true", help="cut extensions too")
        parser.add_argument(
            "--dry-run", action="store_true", help="count statements that name them as an agent"
        )
        add_store(parser, every=True)

    def handle(self, *args: Any, **options: Any) -> None:
        identifiers = [identifier_of(text) for text in options["identifier"]]
        tenants = stores_of(options)
        if options["dry_run"]:
            who = Who.known_as(identifiers)
            statements = sum(how_many_name(tenant=one, who=who) for one in tenants)
            documents = sum(documents_of(tenant=one, who=who).count() for one in tenants)
            self.stdout.write(json.dumps({"statements": statements, "documents": documents}))
            return
        acts = []
        for tenant in tenants:
            self.stderr.write(str(tenant))
            try:
                act = erase_actor(
                    tenant=tenant,
                    identifiers=identifiers,
                    reason=options["reason"],
                    at=timezone.now(),
                    cuts_extensions=options["extensions"],
                    progress=lambda act: self.stderr.write(told(act)),
                )
            except ReasonNamesPerson as error:
                raise CommandError(str(error)) from error
            acts.append(act)
        self.stdout.write(summary(acts))
        if any(act.status != ActStatus.DONE for act in acts):
            sys.exit(1)
