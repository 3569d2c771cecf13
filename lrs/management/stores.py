"""Options that commands on record stores share."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from lrs.management.commands.create_lrs_credential import find_organisation
from lrs.models import LifeCycleAct, Tenant
from lrs.rules.who import NotAnIdentifier, read_identifier
from lrs.services import platform_tenant, tenant_of


def add_store(parser: CommandParser, *, every: bool = False) -> None:
    """Let a command be about one organisation's store, the platform's own, or every store."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--organisation", metavar="NAME", help="whose store; without it, the platform's own"
    )
    if every:
        which.add_argument("--all", action="store_true", help="every store")


def stores_of(options: dict[str, Any]) -> list[Tenant]:
    """Return the stores a command is about."""
    if options.get("all"):
        return list(Tenant.objects.order_by("pk"))
    if options["organisation"]:
        organisation = find_organisation(options["organisation"], create=False)
        return [tenant_of(organisation=organisation)]
    return [platform_tenant()]


def identifier_of(text: str) -> str:
    """Return the identifier that somebody wrote on the command line."""
    try:
        return read_identifier(text)
    except NotAnIdentifier as error:
        raise CommandError(str(error)) from error


def told(act: LifeCycleAct) -> str:
    """Return how an act stands, in a line."""
    return (
        f"{act.get_status_display()}: {act.looked_at:,} looked through, {act.statements:,} "
        f"statements, {act.documents:,} documents, {act.attachments:,} attachments"
    )


def summary(acts: list[LifeCycleAct], **more: Any) -> str:
    """Return the last line of a command: what acts did together, as JSON."""
    sums = {
        name: sum(getattr(act, name) for act in acts)
        for name in ("statements", "documents", "attachments", "bytes")
    }
    held = [act.held_by.name for act in acts if act.held_by is not None]
    return json.dumps({**sums, "acts": [str(act.uuid) for act in acts], "held_by": held, **more})
