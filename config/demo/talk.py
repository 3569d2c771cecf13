"""What the people of the demo say to one another."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from config.demo.people import Cast, Member, demo_uuid
from discussions.enums import Delivery, SpeakingAs
from discussions.models import Space, Thread
from discussions.queries.speaking import Speaking
from discussions.services import close_thread, join_discussions, reply, start_thread
from discussions.services.writing import Contribution
from organisations.models import User

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
