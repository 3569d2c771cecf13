"""What several groups of people have shown, each as far as its own consent goes."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db.models import Q, Value

from competencies.models import Evidence
from competencies.rules.standing import Fact

Facts = dict[int, dict[int, list[Fact]]]


def evidence_facts_of_groups(*, visible: Mapping[int, Q], on: date) -> dict[int, Facts]:
    """Return the facts in date on ``on``, by group, person and competency, oldest first.

    Someone may be in several groups, and let each see something else. One query, with a part for
    each group; none for no groups.

    Args:
        visible: by group, which evidence may be seen of its people; `organisations.queries` makes
            it.
        on: the day.
    """
    found: dict[int, Facts] = {group: defaultdict(lambda: defaultdict(list)) for group in visible}
    parts = [
        Evidence.objects.valid_on(on)
        .filter(of_group)
        .annotate(group=Value(group))
        .values_list(
            "group",
            "person_id",
            "competency_id",
            "level__rank",
            "kind",
            "observed_at",
            "expires_on",
            "uuid",
        )
        for group, of_group in visible.items()
    ]
    if not parts:
        return found
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    for group, person_id, competency_id, rank, kind, observed_at, expires_on, _ in sorted(
        rows, key=lambda row: (row[5], row[7].hex)
    ):
        found[group][person_id][competency_id].append(
            Fact(rank or 0, kind, observed_at, expires_on)
        )
    return found
