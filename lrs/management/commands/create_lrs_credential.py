"""Give an organisation's system a key and secret for the record store."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from lrs.enums import Scope
from lrs.rules.times import parse_instant
from lrs.services import CredentialLimits, issue_credential
from organisations.enums import Sector
from organisations.models import Organisation


class Command(BaseCommand):
    help = "Issue a credential for the record store and print its key and secret, once, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="NAME")
        parser.add_argument("--create", action="store_true", help="create the organisation")
        parser.add_argument(
            "--scope",
            action="append",
            dest="scopes",
            metavar="SCOPE",
            help=f"may be repeated: {', '.join(Scope.values)}",
        )
        parser.add_argument("--label", default="", help="what it is for")
        parser.add_argument(
            "--activity",
            action="append",
            dest="activities",
            default=[],
            metavar="IRI",
            help="only about this, or all that begin so with * at the end; may be repeated",
        )
        parser.add_argument(
            "--origin",
            action="append",
            dest="origins",
            default=[],
            metavar="URL",
            help="only for pages of this web address; may be repeated",
        )
        parser.add_argument("--until", metavar="TIME", help="2027-03-31T18:00:00Z")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            organisation = find_organisation(options["organisation"], create=options["create"])
            try:
                issued = issue_credential(
                    organisation=organisation,
                    scopes=options["scopes"] or [Scope.ALL],
                    starts_at=timezone.now(),
                    label=options["label"],
                    ends_at=parse_instant(options["until"]) if options["until"] else None,
                    limits=CredentialLimits(
                        activities=options["activities"], origins=options["origins"]
                    ),
                )
            except ValueError as error:
                raise CommandError(str(error)) from error
        self.stderr.write(f"A credential for {organisation.name}; the secret is shown only now.")
        self.stdout.write(json.dumps({"key": issued.key, "secret": issued.secret}))


def find_organisation(name: str, *, create: bool) -> Organisation:
    """Return the organisation with this name.

    Raises:
        CommandError: there is none, and none is to be created.
    """
    organisation = Organisation.objects.filter(name=name).first()
    if organisation is None and create:
        organisation = Organisation.objects.create(name=name, sector=Sector.OTHER)
    if organisation is None:
        known = list(Organisation.objects.order_by("name").values_list("name", flat=True)[:20])
        hint = f"; there are {', '.join(known)}" if known else ""
        raise CommandError(f"There is no organisation {name!r}{hint}. Add --create to make it.")
    return organisation
