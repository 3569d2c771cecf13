"""What the people of the demo say to one another, and what they say of what they can do."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from assessments.services.ratings import (
    Judgement,
    submit_self_assessment,
    submit_supervisor_ratings,
)
from competencies.models import RoleRequirement
from competencies.queries import shared_functions, shared_levels
from config.demo.people import Cast, Member, demo_uuid
from discussions.enums import Delivery, SpeakingAs
from discussions.models import Space, Thread
from discussions.queries.speaking import Speaking
from discussions.services import close_thread, join_discussions, reply, start_thread
from discussions.services.writing import Contribution
from organisations.models import Supervision, User

TALK = Path(__file__).with_name("talk.yaml")


def hold_conversations(*, cast: Cast, now: datetime) -> int:
    """Let people talk; return how many posts there are."""
    spaces = {space.slug: space for space in Space.objects.all()}
    count = 0
    for number, thread in enumerate(yaml.safe_load(TALK.read_text(encoding="utf-8"))):
        count += _hold(thread, number=number, cast=cast, spaces=spaces, now=now)
    return count


def _hold(
    said: dict[str, Any],
    *,
    number: int,
    cast: Cast,
    spaces: dict[str, Space],
    now: datetime,
) -> int:
    at = now - timedelta(days=said["days_ago"])
    thread: Thread | None = None
    for place, post in enumerate(said["posts"]):
        author, member = _who(post["who"], cast)
        _take_part(author, at=at)
        contribution = Contribution(
            source=post["text"],
            language="en",
            uuid=demo_uuid(f"post/{number}/{place}"),
            speaking=_speaking(post["as"], member),
            is_checked=True,
        )
        if thread is None:
            thread = start_thread(
                space=spaces[said["space"]],
                author=author,
                title=said["title"],
                contribution=contribution,
                at=at,
            )
        else:
            reply(thread=thread, author=author, contribution=contribution, at=at)
        at += timedelta(hours=5 + 13 * place)
    if thread is not None and said.get("closed"):
        close_thread(thread=thread, moderator=cast.named["edi"], outcome=said["closed"], at=at)
    return len(said["posts"])


def _who(name: str, cast: Cast) -> tuple[User, Member | None]:
    """Return a named person, or the first in a team who fills a role."""
    role, _, team = name.partition(" ")
    for member in cast.members:
        is_named = member.person.username == name
        if is_named or (member.role.slug == role and member.team == cast.teams.get(team)):
            return member.person, member
    return cast.named[name], None


def _take_part(person: User, *, at: datetime) -> None:
    join_discussions(
        person=person,
        display_name=person.display_name or person.first_name,
        keeps_words=True,
        delivery=Delivery.NONE,
        at=at,
    )


def _speaking(kind: str, member: Member | None) -> Speaking:
    if kind == "role" and member is not None:
        return Speaking(SpeakingAs.ROLE, role_id=member.role.pk)
    return Speaking(SpeakingAs(kind))


def rate(*, cast: Cast, now: datetime, chance: random.Random) -> int:
    """Let half the people say what they can do, and supervisors say what they see; return ratings."""
    items = {item.competency_id: item for _, parts in shared_functions() for item in parts}
    levels = {level.rank: level for level in shared_levels()}
    supervisors = {
        row.person_id: row.supervisor
        for row in Supervision.objects.filter(
            person__in=[member.person for member in cast.members]
        ).select_related("supervisor")
    }
    count = 0
    for member in cast.members:
        is_named = not member.person.username.startswith("demo")
        needs = list(RoleRequirement.objects.filter(role=member.role).select_related("level"))
        if is_named or chance.random() < 0.55:
            count += len(
                submit_self_assessment(
                    person=member.person,
                    judgements=[
                        Judgement(
                            item=items[need.competency_id],
                            level=levels.get(
                                _lean(need.level.rank, member.keenness, chance=chance)
                            ),
                        )
                        for need in needs
                        if chance.random() < 0.8
                    ],
                    at=now - timedelta(days=chance.randrange(20, 300)),
                    language="en",
                )
            )
        supervisor = supervisors.get(member.person.pk)
        if supervisor is not None and (is_named or chance.random() < 0.7):
            count += len(
                submit_supervisor_ratings(
                    rater=supervisor,
                    person=member.person,
                    judgements=[
                        Judgement(
                            item=items[need.competency_id],
                            level=levels.get(
                                _lean(need.level.rank, member.keenness, chance=chance)
                            ),
                        )
                        for need in needs
                        if chance.random() < 0.45
                    ],
                    at=now - timedelta(days=chance.randrange(5, 120)),
                    language="en",
                )
            )
    return count


def _lean(needed: int, keenness: float, *, chance: random.Random) -> int:
    """Return a level near the one needed; 0 is not yet."""
    lot = chance.random()
    if lot < 0.08:
        return 0
    if lot < 0.3 + 0.3 * (1 - keenness):
        return max(needed - 1, 1)
    return min(needed + (lot > 0.93), 3)
