"""Judgements by people: a ledger to which rows are only added."""

import uuid as uuids
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assessments.enums import RatingKind
from assessments.models import Rating
from assessments.services.sending import send_ratings, send_withdrawal
from assessments.signals import ratings_given
from competencies.enums import EvidenceKind
from competencies.models import Competency, CompetencyVersion, Level
from competencies.services import record_evidence, withdraw_evidence
from organisations.models import Organisation, Supervision, Team, User
from organisations.permissions import may_rate
from organisations.queries import access_of, belonging_of

EVIDENCE_KINDS = {
    RatingKind.SELF: EvidenceKind.SELF_RATING,
    RatingKind.SUPERVISOR: EvidenceKind.SUPERVISOR_RATING,
}


class NotTheirSupervisor(ValueError):
    """The rater does not supervise this person today."""


class NotTheirRating(ValueError):
    """Only the one who gave a rating may withdraw it."""


@dataclass(frozen=True)
class Judgement:
    """What someone says of one competency, in the wording they saw; no level is "not yet"."""

    item: CompetencyVersion
    level: Level | None
    comment: str = ""


@transaction.atomic
def submit_self_assessment(
    *,
    person: User,
    judgements: Sequence[Judgement],
    at: datetime,
    language: str,
    left_out: Collection[Competency] = (),
) -> list[Rating]:
    """Add one's own view of several competencies to the ledger, all or none; return the new rows.

    The same view on the same day is not added twice. What is left out had no part in what the
    person does: their earlier views of it are withdrawn, and stay in the ledger as that.

    Writes: Rating, Evidence, a statement a rating; announces ratings_given on commit. Safe to
    repeat.
    """
    User.objects.select_for_update().get(pk=person.pk)
    rows = _new_rows(
        person=person, rater=person, kind=RatingKind.SELF, judgements=judgements, at=at
    )
    _record(rows, at=at, language=language)
    for rating in Rating.objects.standing().filter(
        person=person, kind=RatingKind.SELF, competency__in=left_out
    ):
        _withdraw(rating, at=at)
    return rows


@transaction.atomic
def submit_supervisor_ratings(
    *,
    rater: User,
    person: User,
    judgements: Sequence[Judgement],
    at: datetime,
    language: str,
) -> list[Rating]:
    """Add a supervisor's view of several competencies, all or none; return the new rows.

    The person's own view and other people's stand beside it. The rating is on behalf of the
    organisation or team for which the rater supervises. The same view on the same day is not added twice.

    Raises:
        NotTheirSupervisor: the rater does not supervise this person today.

    Writes: Rating, Evidence, a statement a rating; announces ratings_given on commit. Safe to
    repeat.
    """
    User.objects.select_for_update().get(pk=person.pk)
    on_behalf = _on_behalf_of(rater=rater, person=person, on=timezone.localdate(at))
    rows = _new_rows(
        person=person,
        rater=rater,
        kind=RatingKind.SUPERVISOR,
        judgements=judgements,
        at=at,
        organisation=on_behalf.organisation,
        team=on_behalf.team,
    )
    _record(rows, at=at, language=language)
    return rows


@transaction.atomic
def withdraw_rating(*, rating: Rating, by: User, at: datetime) -> None:
    """Take a rating out of what counts; the row stays, with when it was withdrawn.

    What the rater said before it, if that stands, is shown again.

    Raises:
        NotTheirRating: ``by`` did not give it.

    Writes: Rating.withdrawn_at, Evidence.withdrawn_at, a voiding statement. Safe to repeat.
    """
    if rating.rater_id != by.pk:
        raise NotTheirRating
    User.objects.select_for_update().get(pk=rating.person_id)
    rating.refresh_from_db()
    if rating.withdrawn_at is None:
        _withdraw(rating, at=at)


@dataclass(frozen=True)
class _OnBehalf:
    organisation: Organisation | None = None
    team: Team | None = None


def _on_behalf_of(*, rater: User, person: User, on: date) -> _OnBehalf:
    """Return for whom the rater supervises: as the supervision names it, else as the grant does."""
    access = access_of(rater, on=on)
    if not may_rate(access, person.pk):
        raise NotTheirSupervisor
    named = (
        Supervision.objects.in_force_on(on)
        .filter(supervisor=rater, person=person)
        .select_related("organisation", "team")
        .order_by(F("organisation_id").asc(nulls_last=True), "-starts_on", "-pk")
        .first()
    )
    if named is not None:
        return _OnBehalf(organisation=named.organisation, team=named.team)
    belonging = belonging_of(person.pk, on=on)
    for organisation_id in sorted(access.supervisor_organisation_ids & belonging.organisation_ids):
        return _OnBehalf(organisation=Organisation.objects.get(pk=organisation_id))
    for team_id in sorted(access.supervisor_team_ids & belonging.team_ids):
        return _OnBehalf(team=Team.objects.get(pk=team_id))
    return _OnBehalf()


def _new_rows(
    *,
    person: User,
    rater: User,
    kind: RatingKind,
    judgements: Sequence[Judgement],
    at: datetime,
    organisation: Organisation | None = None,
    team: Team | None = None,
) -> list[Rating]:
    said: dict[int, Rating] = {}
    for row in (
        Rating.objects.standing()
        .filter(person=person, rater=rater, kind=kind)
        .filter(competency__in=[judgement.item.competency_id for judgement in judgements])
        .order_by("rated_at", "pk")
    ):
        said[row.competency_id] = row
    return [
        Rating(
            uuid=uuids.uuid4(),
            person=person,
            rater=rater,
            kind=kind,
            competency=judgement.item.competency,
            item=judgement.item,
            level=judgement.level,
            comment=judgement.comment.strip(),
            organisation=organisation,
            team=team,
            rated_at=at,
        )
        for judgement in judgements
        if not _says_the_same(said.get(judgement.item.competency_id), judgement, at)
    ]


def _says_the_same(before: Rating | None, judgement: Judgement, at: datetime) -> bool:
    return (
        before is not None
        and timezone.localdate(before.rated_at) == timezone.localdate(at)
        and before.level_id == (judgement.level.pk if judgement.level else None)
        and before.comment == judgement.comment.strip()
    )


def _record(rows: Sequence[Rating], *, at: datetime, language: str) -> None:
    if not rows:
        return
    Rating.objects.bulk_create(rows)
    for row in rows:
        record_evidence(
            person=row.person,
            competency=row.competency,
            item=row.item,
            level=row.level,
            kind=EVIDENCE_KINDS[RatingKind(row.kind)],
            source_organisation=row.organisation,
            rating_uuid=row.uuid,
            observed_at=row.rated_at,
        )
    send_ratings(ratings=rows, at=at, language=language)
    transaction.on_commit(
        partial(
            ratings_given.send_robust,
            sender=Rating,
            person_id=rows[0].person_id,
            rater_id=rows[0].rater_id,
            at=at,
        )
    )


def _withdraw(rating: Rating, *, at: datetime) -> None:
    rating.withdrawn_at = at
    rating.save(update_fields=["withdrawn_at"])
    withdraw_evidence(rating_uuid=rating.uuid, at=at)
    send_withdrawal(rating=rating, at=at)
