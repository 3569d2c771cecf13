"""Leave behind the statements that retention policies no longer keep."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from lrs.management.stores import add_store, stores_of, summary, told
from lrs.models import RetentionPolicy
from lrs.services import apply_retention, forecast_retention, terms_of


class Command(BaseCommand):
    help = (
        "Take out of a store what its retention policies no longer keep. Without --policy, those "
        "that are switched on. --dry-run says exactly what would go, by month."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--policy", metavar="NAME", help="this one, switched on or not")
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        add_store(parser, every=True)

    def handle(self, *args: Any, **options: Any) -> None:
        policies = RetentionPolicy.objects.filter(tenant__in=stores_of(options))
        if options["policy"]:
            policies = policies.filter(name=options["policy"])
        else:
            policies = policies.filter(is_on=True)
        at = timezone.now()
        chosen = list(policies.select_related("tenant").order_by("tenant_id", "pk"))
        if options["dry_run"]:
            self._foretell(chosen, at)
            return
        acts = []
        for policy in chosen:
            self.stderr.write(f"{policy.tenant}: {policy.name}")
            act = apply_retention(
                policy=policy, at=at, progress=lambda act: self.stderr.write(told(act))
            )
            if act is not None:
                acts.append(act)
        self.stdout.write(summary(acts, policies=len(chosen)))

    def _foretell(self, policies: list[RetentionPolicy], at: Any) -> None:
        going: list[dict[str, Any]] = []
        for policy in policies:
            self.stderr.write(f"{policy.tenant}: {policy.name}")
            told = forecast_retention(tenant=policy.tenant, terms=terms_of(policy), at=at)
            months = {one.month: one.statements for one in told.months}
            going.append(
                {
                    "policy": policy.name,
                    "statements": told.statements,
                    "bytes": told.bytes,
                    "before": told.before.isoformat(),
                    "months": months,
                }
            )
        total = {name: sum(one[name] for one in going) for name in ("statements", "bytes")}
        self.stdout.write(json.dumps({**total, "policies": going}))
