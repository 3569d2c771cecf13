"""Who an actor in statements is, and what waited for that to be proved."""

import hashlib
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from lrs.queries import (
    key_of_identifier,
    organisations_with_stores,
    person_identifier,
    split_identifier,
    statements_by_actor,
)
from lrs.services import offer_erasures
from organisations.models import AccountSystem, Organisation, User
from records.enums import Proof
from records.models import IdentityLink
from records.services.projection import CHUNK, Projected, project_statements
from records.services.rebuilding import rebuild_record


class IdentityTaken(Exception):
    """The actor is already proved to be somebody else."""


class NotTheirsToProve(Exception):
    """The organisation does not own the system that the account is in."""


@transaction.atomic
def link_identity(
    *,
    person: User,
    actor: str,
    proof: Proof,
    at: datetime,
    organisation: Organisation | None = None,
    proved_by: User | None = None,
) -> Projected:
    """Settle that an actor in statements is this person, and project what waited.

    Args:
        person: who it is.
        actor: the identifier as `lrs.queries` gives it.
        proof: how we know.
        at: since when.
        organisation: who vouches, for an account in a system of theirs; None for an address.
        proved_by: who confirmed it, if somebody did.

    Raises: IdentityTaken, NotTheirsToProve.
    Writes: IdentityLink, and as project_statements. Safe to repeat.
    """
    kind, home_page, _ = split_identifier(actor)
    if (
        kind == "account"
        and not AccountSystem.objects.filter(
            home_page=home_page, organisation=organisation
        ).exists()
    ):
        raise NotTheirsToProve(home_page)
    key = key_of_identifier(actor)
    row, _is_new = IdentityLink.objects.get_or_create(
        actor_key=key,
        organisation=organisation,
        ends_at=None,
        defaults={
            "actor": actor,
            "person": person,
            "proof": proof,
            "proved_by": proved_by,
            "starts_at": at,
        },
    )
    if row.person_id != person.pk:
        raise IdentityTaken(actor)
    return _project_waiting(key=key, organisation=organisation, at=at)


def _project_waiting(*, key: int, organisation: Organisation | None, at: datetime) -> Projected:
    tenants: list[int | None] = (
        [organisation.pk]
        if organisation
        else list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    )
    total = Projected()
    for tenant in tenants:
        after = 0
        while rows := statements_by_actor(
            [key], organisation_id=tenant, after_seq=after, limit=CHUNK
        ):
            total += project_statements(statements=rows, at=at)
            after = rows[-1].seq
    return total


def link_verified_address(*, person: User, address: str, at: datetime) -> Projected:
    """Settle that statements about a verified e-mail address are about this person.

    Raises: IdentityTaken.
    Writes: IdentityLink for the address and for its SHA-1 sum, and as project_statements.
    """
    local, _, domain = address.rpartition("@")
    mailto = f"mailto:{local}@{domain.lower()}"
    digest = hashlib.sha1(mailto.encode(), usedforsecurity=False).hexdigest()
    total = Projected()
    for actor in (f"mbox::{mailto}", f"mbox_sha1sum::{digest}"):
        total += link_identity(person=person, actor=actor, proof=Proof.VERIFIED_EMAIL, at=at)
    return total


@transaction.atomic
def end_identity_link(*, link: IdentityLink, at: datetime) -> None:
    """End a link; what it had brought into the record goes out again.

    Writes: IdentityLink.ends_at, RecordEntry, Evidence.
    """
    IdentityLink.objects.filter(pk=link.pk).update(ends_at=at)
    rebuild_record(person=link.person, at=at)


def link_known_addresses(*, at: datetime) -> int:
    """Link every verified address that is not linked yet; return how many. The sweep behind
    the signal.

    Writes: as link_verified_address. Safe to repeat.
    """
    linked = set(
        IdentityLink.objects.filter(proof=Proof.VERIFIED_EMAIL, ends_at__isnull=True).values_list(
            "actor", flat=True
        )
    )
    count = 0
    for row in EmailAddress.objects.filter(verified=True).select_related("user").iterator():
        local, _, domain = row.email.rpartition("@")
        if f"mbox::mailto:{local}@{domain.lower()}" not in linked:
            try:
                link_verified_address(person=row.user, address=row.email, at=at)
            except IdentityTaken:
                continue
            count += 1
    return count


def ask_organisations_to_erase(*, person_id: int, person_uuid: UUID, at: datetime) -> int:
    """Ask the organisations whose stores name a person whether they erase them; return how many.

    What an organisation recorded stays with it until its own retention; it decides. The
    identifiers are kept with the question until then.

    Writes: requests in the record store. Safe to repeat.
    """
    links = IdentityLink.objects.filter(person_id=person_id)
    everywhere = {person_identifier(person_uuid)}
    theirs: dict[int, set[str]] = {}
    for actor, organisation_id in links.values_list("actor", "organisation_id"):
        if organisation_id is None:
            everywhere.add(actor)
        else:
            theirs.setdefault(organisation_id, set()).add(actor)
    return sum(
        offer_erasures(
            identifiers=everywhere | theirs.get(organisation_id, set()),
            organisation_id=organisation_id,
            reason="The person erased their account here.",
            at=at,
        )
        for organisation_id in organisations_with_stores()
    )
