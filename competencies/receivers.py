"""What `competencies` does when `organisations` announces something."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Q
from django.dispatch import receiver

from cms.queries import texts_for
from competencies.models import Evidence, Role, RoleAssignment
from organisations.models import open_on
from organisations.signals import people_merged, role_names_asked, roles_asked, roles_given

CHUNK = 400


@receiver(role_names_asked)
def on_role_names_asked(names: set[str], **kwargs: object) -> set[str]:
    """Return the names that mean one of our roles: its title, its slug, or what else it is called."""
    return set(_roles_named(names))


@receiver(roles_asked)
def on_roles_asked(
    language: str, membership_id: int, organisation_id: int, on: date, **kwargs: object
) -> tuple[list[tuple[str, str]], str]:
    """Return the roles an employer has, by title in a language, and the one a membership fills."""
    ours = Q(owner_organisation=None) | Q(owner_organisation=organisation_id)
    roles = list(Role.objects.filter(ours).order_by("title", "id"))
    texts = texts_for(subject_uuids=[role.uuid for role in roles], language=language)
    filled = (
        RoleAssignment.objects.filter(open_on(on), membership_id=membership_id)
        .order_by("-starts_on", "-id")
        .values_list("role__slug", flat=True)
        .first()
    )
    return [
        (role.slug, texts.say(role.uuid, "title", role.title).value) for role in roles
    ], filled or ""


@receiver(roles_given)
def on_roles_given(roles: Mapping[int, tuple[str, date]], **kwargs: object) -> set[int]:
    """Let each membership fill its role from its day, and no other; return those for which it is new.

    Writes: RoleAssignment. Safe to repeat.
    """
    known = _roles_named({name for name, _day in roles.values()})
    standing = _open_assignments(roles)
    new: list[RoleAssignment] = []
    changed: set[int] = set()
    for membership_id, (name, day) in roles.items():
        role = known.get(name)
        rows = standing.get(membership_id, [])
        if role is None or [row.role_id for row in rows] == [role.pk]:
            continue
        changed.add(membership_id)
        for row in rows:
            if row.role_id != role.pk:
                _end(row, before=day)
        if all(row.role_id != role.pk for row in rows):
            new.append(RoleAssignment(membership_id=membership_id, role=role, starts_on=day))
    RoleAssignment.objects.bulk_create(new, batch_size=200, ignore_conflicts=True)
    return changed


@receiver(people_merged)
def on_people_merged(
    kept_id: int, gone_id: int, memberships: Mapping[int, int], **kwargs: object
) -> None:
    """Give evidence and roles to who stays; what both have stays once.

    Writes: Evidence, RoleAssignment.
    """
    held = {_evidence_key(row) for row in Evidence.objects.filter(person_id=kept_id)}
    for row in Evidence.objects.filter(person_id=gone_id).order_by("id"):
        if _evidence_key(row) in held:
            row.delete()
        else:
            row.person_id = kept_id
            row.save(update_fields=["person"])
    for row_id, kept_membership_id in memberships.items():
        _move_roles(row_id, kept_membership_id)


def _evidence_key(row: Evidence) -> tuple[object, ...]:
    return row.statement_uuid, row.rating_uuid, row.source_organisation_id, row.competency_id


def _move_roles(gone_id: int, kept_id: int) -> None:
    filled = set(
        RoleAssignment.objects.filter(membership_id=kept_id).values_list("role_id", "starts_on")
    )
    for row in RoleAssignment.objects.filter(membership_id=gone_id):
        if (row.role_id, row.starts_on) not in filled:
            row.membership_id = kept_id
            row.save(update_fields=["membership"])


def _roles_named(names: set[str]) -> dict[str, Role]:
    roles = list(Role.objects.order_by("-id"))
    found = {str(word).casefold(): role for role in roles for word in role.also_called}
    found |= {word.casefold(): role for role in roles for word in (role.slug, role.title)}
    return {name: found[name.casefold()] for name in names if name.casefold() in found}


def _open_assignments(roles: Mapping[int, tuple[str, date]]) -> dict[int, list[RoleAssignment]]:
    found: dict[int, list[RoleAssignment]] = {}
    ids = sorted(roles)
    for start in range(0, len(ids), CHUNK):
        for row in RoleAssignment.objects.filter(
            membership_id__in=ids[start : start + CHUNK]
        ).order_by("id"):
            _name, day = roles[row.membership_id]
            if row.ends_on is None or row.ends_on >= day:
                found.setdefault(row.membership_id, []).append(row)
    return found


def _end(row: RoleAssignment, *, before: date) -> None:
    if row.starts_on >= before:
        row.delete()
    else:
        row.ends_on = before - timedelta(days=1)
        row.save(update_fields=["ends_on"])
