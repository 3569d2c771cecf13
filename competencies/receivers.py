"""Roles that a staff list names: which we know, and who fills them."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.dispatch import receiver

from competencies.models import Role, RoleAssignment
from organisations.signals import role_names_asked, roles_given

CHUNK = 400


@receiver(role_names_asked)
def on_role_names_asked(names: set[str], **kwargs: object) -> set[str]:
    """Return the names that mean one of our roles: its title, its slug, or what else it is called."""
    return set(_roles_named(names))


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
