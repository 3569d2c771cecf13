"""What the people of the demo say of what they can do, who else says so, and who looked."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from assessments.services.ratings import (
    Judgement,
    submit_self_assessment,
    submit_supervisor_ratings,
)
from competencies.models import CompetencyVersion, Level, RoleRequirement
from competencies.queries import shared_functions, shared_levels
from config.demo.people import Cast, Member, morning
from organisations.enums import ConsentPurpose, ConsentSource, PageSeen
from organisations.models import Membership, Organisation, Supervision, Team, User
from organisations.services import grant_consent, note_access, withdraw_consent

LONGEST_AGO = 300
"""Days: everyone has joined by then."""
MOST_SITTINGS = 3
"""How often, at most, a supervisor sat down with somebody in the year."""


def share_for_supervision(*, cast: Cast, today: date, chance: random.Random) -> int:
    """Let most people open their record to their supervisor's organisation; return how many did.

    Some open only what they do here, some nothing, and one or two have changed their mind.
    """
    count = 0
    for member, organisation, _ in _supervised(cast):
        lot = chance.random()
        if lot > 0.86 and not member.is_named:
            continue
        consent = grant_consent(
            person=member.person,
            source=ConsentSource.ALL if lot < 0.7 or member.is_named else ConsentSource.PLATFORM,
            purpose=ConsentPurpose.SUPERVISION,
            organisation=organisation,
            at=morning(member.starts_on or today),
        )
        count += 1
        if lot > 0.82 and not member.is_named:
            changed_on = today - timedelta(days=chance.randrange(5, 90))
            withdraw_consent(consent=consent, at=morning(changed_on))
            count -= 1
    return count


def rate(*, cast: Cast, now: datetime, chance: random.Random) -> int:
    """Let people say what they can do, and supervisors what they see; return how many ratings.

    Over the year: a person once or twice, a supervisor in up to three sittings, each noted as a
    look at the person.
    """
    asked = _Asked(chance)
    supervised = {
        member.person.pk: (organisation, supervisor)
        for member, organisation, supervisor in _supervised(cast)
    }
    count = 0
    for member in cast.members:
        if member.is_named or chance.random() < 0.6:
            for at in _moments(now, 2 if member.is_named else 1, chance=chance):
                count += len(
                    submit_self_assessment(
                        person=member.person,
                        judgements=asked.some(member, share=0.8),
                        at=at,
                        language="en",
                    )
                )
        if member.person.pk not in supervised or (not member.is_named and chance.random() > 0.8):
            continue
        organisation, supervisor = supervised[member.person.pk]
        sittings = MOST_SITTINGS if member.is_named else chance.randint(1, MOST_SITTINGS)
        for at in _moments(now, sittings, chance=chance):
            note_access(
                viewer=supervisor,
                people=[member.person],
                page=PageSeen.RATING,
                organisation=organisation,
                at=at - timedelta(minutes=chance.randrange(3, 20)),
            )
            count += len(
                submit_supervisor_ratings(
                    rater=supervisor,
                    person=member.person,
                    judgements=asked.some(member, share=0.3),
                    at=at,
                    language="en",
                )
            )
    return count


def look_over_the_year(*, cast: Cast, now: datetime, chance: random.Random) -> int:
    """Let leads and supervisors look every month or so; return how many looks there were."""
    lena = cast.named["lena"]
    count = 0
    for team in (cast.teams["t1"], cast.teams["t5"]):
        people = _in_team(team, on=timezone.localdate(now))
        for at in _moments(now, 9, chance=chance):
            here = [row.person_id for row in people if morning(row.starts_on) < at]
            note_access(viewer=lena, people=here, page=PageSeen.TEAM_PROFILE, team=team, at=at)
            some = chance.sample(here, k=min(2, len(here)))
            for minutes, person_id in enumerate(some, start=2):
                note_access(
                    viewer=lena,
                    people=[person_id],
                    page=PageSeen.TEAM_MEMBER,
                    team=team,
                    at=at + timedelta(minutes=minutes),
                )
            count += 1 + len(some)
    lists: dict[tuple[Organisation, User], list[User]] = defaultdict(list)
    for member, organisation, supervisor in _supervised(cast):
        lists[organisation, supervisor].append(member.person)
    for (organisation, supervisor), listed in lists.items():
        for at in _moments(now, 4, chance=chance):
            note_access(
                viewer=supervisor,
                people=listed,
                page=PageSeen.SUPERVISION_LIST,
                organisation=organisation,
                at=at,
            )
            count += 1
    return count


class _Asked:
    """What each role asks for, and what may be said of it."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._items: Mapping[int, CompetencyVersion] = {
            item.competency_id: item for _, parts in shared_functions() for item in parts
        }
        self._levels: Mapping[int, Level] = {level.rank: level for level in shared_levels()}
        self._needs: dict[int, list[RoleRequirement]] = defaultdict(list)
        for need in RoleRequirement.objects.select_related("level").order_by("pk"):
            self._needs[need.role_id].append(need)

    def some(self, member: Member, *, share: float) -> list[Judgement]:
        """Return a view of about that share of what the person's role asks for."""
        return [
            Judgement(
                item=self._items[need.competency_id],
                level=self._levels.get(self._near(need.level.rank, member.keenness)),
            )
            for need in self._needs[member.role.pk]
            if self._chance.random() < share
        ]

    def _near(self, needed: int, keenness: float) -> int:
        """Return a level near the one needed; 0 is not yet."""
        lot = self._chance.random()
        if lot < 0.08:
            return 0
        if lot < 0.3 + 0.3 * (1 - keenness):
            return max(needed - 1, 1)
        return min(needed + (lot > 0.93), 3)


def _supervised(cast: Cast) -> list[tuple[Member, Organisation, User]]:
    """Return who is supervised, for which organisation and by whom."""
    rows = {
        row.person_id: row
        for row in Supervision.objects.filter(
            person__in=[member.person for member in cast.members], organisation__isnull=False
        ).select_related("supervisor", "organisation")
    }
    return [
        (member, row.organisation, row.supervisor)
        for member in cast.members
        if (row := rows.get(member.person.pk)) is not None and row.organisation is not None
    ]


def _in_team(team: Team, *, on: date) -> Sequence[Membership]:
    return list(Membership.objects.active_on(on).filter(team=team).order_by("pk"))


def _moments(now: datetime, many: int, *, chance: random.Random) -> list[datetime]:
    """Return moments spread over the year, the oldest first."""
    days = sorted((chance.randrange(5, LONGEST_AGO) for _ in range(many)), reverse=True)
    return [now - timedelta(days=day, minutes=chance.randrange(300)) for day in days]
