"""Check what a store holds against a profile."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lrs.management.commands.create_lrs_credential import find_organisation
from lrs.models import Profile
from lrs.services import platform_tenant, tenant_of
from lrs.services.profiles import MOST, check_profile


class Command(BaseCommand):
    help = (
        "Check the newest statements of a record store against a profile that import_profile "
        "brought in. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("profile", metavar="IRI")
        parser.add_argument(
            "--organisation", metavar="NAME", help="whose record store; without it, the platform's"
        )
        parser.add_argument("--most", type=int, default=MOST, help="how many to read")

    def handle(self, *args: Any, **options: Any) -> None:
        profile = Profile.objects.filter(iri=options["profile"]).first()
        if profile is None:
            known = ", ".join(Profile.objects.order_by("iri").values_list("iri", flat=True))
            raise CommandError(f"There is no profile {options['profile']}; there are: {known}.")
        tenant = platform_tenant()
        if options["organisation"]:
            organisation = find_organisation(options["organisation"], create=False)
            tenant = tenant_of(organisation=organisation)
        report = check_profile(
            tenant=tenant,
            profile=profile,
            most=options["most"],
            progress=lambda read: self.stderr.write(f"{read:,} read"),
        )
        for rule in sorted(report.rules.values(), key=lambda one: -one.times):
            self.stderr.write(
                f"{rule.times:,} × {rule.template}: {rule.rule.location} {rule.reason}"
            )
        self.stdout.write(
            json.dumps(
                {
                    "read": report.read,
                    "matched": report.matched,
                    "clean": report.clean,
                    "templates": dict(report.templates),
                    "registrations": report.registrations,
                    "in_order": report.in_order,
                }
            )
        )
