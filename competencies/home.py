"""The woven picture of the home page: which roles carry which core function, and at what level."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cms.queries import texts_for
from competencies.models import Role
from competencies.queries import requirements_for, shared_functions, shared_levels

NOT_CARRIED = "none"


def weave_for_home(request: HttpRequest) -> dict[str, Any]:
    """Return `weave`: a thread for each core function, a crossing for each role.

    It shows the framework alone, nobody's record. Empty without a shared framework or roles.
    Five queries, however many there are.
    """
    functions = shared_functions()
    if not functions:
        return {}
    roles = list(Role.objects.filter(framework__is_shared=True).order_by("title", "pk"))
    if not roles:
        return {}
    levels = shared_levels()
    needs = requirements_for(role_ids=[role.pk for role in roles])
    subjects = [
        *(function.competency.uuid for function, _items in functions),
        *(role.uuid for role in roles),
        *(level.uuid for level in levels),
    ]
    texts = texts_for(subject_uuids=subjects, language=get_language() or "en")
    rows = []
    for function, items in functions:
        parts = {item.competency_id for item in items}
        ranks = [
            max(
                (
                    need.rank
                    for need in needs.get(role.pk, ())
                    if need.is_essential and need.competency_id in parts
                ),
                default=None,
            )
            for role in roles
        ]
        carrying = sum(rank is not None for rank in ranks)
        rows.append(
            {
                "title": texts.say(function.competency.uuid, "title", function.title),
                "href": reverse(
                    "competencies:item",
                    args=[function.version.framework.slug, function.code],
                ),
                "strands": [NOT_CARRIED if rank is None else str(rank) for rank in ranks],
                "words": ngettext(
                    "%(carrying)d of %(roles)d role", "%(carrying)d of %(roles)d roles", len(roles)
                )
                % {"carrying": carrying, "roles": len(roles)},
            }
        )
    return {
        "weave": {
            "rows": rows,
            "caption": _("Who does what: every core function, woven across the roles"),
            "first_head": _("Core function"),
            "last_head": _("Roles that need it, by level"),
            "columns": [texts.say(role.uuid, "title", role.title) for role in roles],
            "levels": [
                {"rank": level.rank, "word": texts.say(level.uuid, "name", level.name)}
                for level in levels
            ],
            "is_whole": True,
            "none_word": _("Not part of the role"),
            "more": {"href": reverse("competencies:roles"), "text": _("Read it role by role")},
        }
    }
