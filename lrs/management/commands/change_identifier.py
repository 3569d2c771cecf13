"""Put a new identifier in the place of an old one."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lrs.management.stores import add_store, identifier_of, stores_of, summary, told
from lrs.services import (
    HeldBack,
    ReasonNamesPerson,
    SameIdentifier,
    change_identifier,
    extent_of_change,
)


class Command(BaseCommand):
    help = (
        "Put a new identifier in the place of an old one wherever an agent goes by it in a store; "
        "state and profiles move. Refused where a legal hold stands."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", help="an address, SHA-1 sum, OpenID, or account HOMEPAGE|NAME")
        parser.add_argument("new")
        parser.add_argument("--reason", default="Asked by an operator.", help="without the person")
        parser.add_argument("--dry-run", action="store_true", help="only count")
        add_store(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        old, new = identifier_of(options["old"]), identifier_of(options["new"])
        (tenant,) = stores_of(options)
        if options["dry_run"]:
            extent = extent_of_change(tenant=tenant, old=old, new=new)
            self.stdout.write(json.dumps(asdict(extent)))
            return
        try:
            act = change_identifier(
                tenant=tenant,
                old=old,
                new=new,
                reason=options["reason"],
                at=timezone.now(),
                progress=lambda act: self.stderr.write(told(act)),
            )
        except (HeldBack, SameIdentifier, ReasonNamesPerson) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(summary([act], conflicts=act.scope["conflicts"]))
