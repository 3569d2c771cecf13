"""The made-up partnership: places, organisations, teams and the people in them."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from competencies.models import Role
from competencies.services import assign_role
from config.demo.accounts import DEMO_PARTNERSHIP, DEMO_PASSWORD
from organisations.enums import ConsentSource, GrantKind, MembershipStatus, PlaceKind
from organisations.models import (
    AccountSystem,
    Membership,
    Organisation,
    Partnership,
    Place,
    Team,
    User,
)
from organisations.services import (
    confirm_membership,
    grant_leave,
    join_team,
    refuse_membership,
    supervise,
    withdraw_all_consents,
)

NAMESPACE = uuid.UUID("5c5a4b6e-95a5-4d55-8f0b-2a1d7f1f6d10")
PLAN = Path(__file__).with_name("plan.yaml")


def demo_uuid(name: str) -> uuid.UUID:
    """Return the identity of something in the demo: the same every time it is loaded."""
    return uuid.uuid5(NAMESPACE, name)


@dataclass
class Member:
    """A made-up person and where they work."""

    person: User
    role: Role
    organisation: Organisation | None
    team: Team
    keenness: float
    starts_on: date | None = None

    @property
    def is_named(self) -> bool:
        """Whether somebody signs in as this person."""
        return not self.person.username.startswith("demo")


@dataclass
class Cast:
    """Everyone and everything in the demo."""

    plan: dict[str, Any]
    organisations: dict[str, Organisation] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    named: dict[str, User] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    partnership: Partnership | None = None


def make_cast(*, today: date, chance: random.Random) -> Cast:
    """Make the partnership as it began a year ago; everyone has joined, most share, some do not."""
    plan = yaml.safe_load(PLAN.read_text(encoding="utf-8"))
    cast = Cast(plan=plan)
    _make_structure(cast)
    _make_people(cast, began_on=today - timedelta(days=400), today=today, chance=chance)
    _give_leave(cast, began_on=today - timedelta(days=400))
    return cast


def _make_structure(cast: Cast) -> None:
    plan = cast.plan
    region = Place.objects.create(
        uuid=demo_uuid("region"), name=f"{plan['region']} (demo)", kind=PlaceKind.REGION
    )
    cast.places[plan["region"]] = region
    for one in plan["places"]:
        cast.places[one["name"]] = Place.objects.create(
            uuid=demo_uuid(one["name"]), name=one["name"], kind=one["kind"], parent=region
        )
    for one in plan["organisations"]:
        cast.organisations[one["key"]] = Organisation.objects.create(
            uuid=demo_uuid(one["key"]),
            name=one["name"],
            sector=one["sector"],
            place=cast.places[one["place"]],
        )
    AccountSystem.objects.create(
        organisation=cast.organisations["trust"], home_page=plan["elsewhere"]["home_page"]
    )
    partnership = Partnership.objects.create(uuid=demo_uuid("partnership"), name=DEMO_PARTNERSHIP)
    partnership.organisations.set(cast.organisations.values())
    partnership.places.set(cast.places.values())
    cast.partnership = partnership
    for one in plan["teams"]:
        cast.teams[one["key"]] = Team.objects.create(
            uuid=demo_uuid(one["key"]),
            name=one["name"],
            purpose=one["purpose"],
            place=cast.places[one["place"]],
            partnership=partnership,
        )


def _make_people(cast: Cast, *, began_on: date, today: date, chance: random.Random) -> None:
    plan = cast.plan
    roles = {role.slug: role for role in Role.objects.all()}
    password = make_password(DEMO_PASSWORD)
    waiting: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for one in plan["named"]:
        place_of = (one.get("role"), one.get("organisation"), one.get("team"))
        waiting.setdefault(place_of, []).append(one)
    names = _names(plan, chance)
    posts = _posts(plan, list(cast.teams))
    for place, (role, employer, team) in enumerate(posts):
        same = waiting.get((role, employer, team))
        known = same.pop(0) if same else {}
        given, family = next(names)
        person = _person(
            known or {"username": f"demo{place:02d}", "given": given, "family": family},
            password=password,
            is_known=bool(known),
        )
        cast.members.append(
            Member(
                person=person,
                role=roles[role],
                organisation=cast.organisations[employer] if employer else None,
                team=cast.teams[team],
                keenness=0.9 if known else chance.betavariate(2.2, 1.6),
            )
        )
    for known in chain.from_iterable(waiting.values()):
        _person(known, password=password, is_known=True)
    cast.named = {
        one["username"]: User.objects.get(username=one["username"]) for one in plan["named"]
    }
    for place, member in enumerate(cast.members):
        _join(member, number=place, began_on=began_on, today=today, chance=chance)


def _posts(plan: dict[str, Any], keys: list[str]) -> list[tuple[str, str | None, str]]:
    """Return every place in a team to fill: role, employer if there is one, team."""
    rows = [
        (role, employer, numbers)
        for role, employers in plan["staffing"].items()
        for employer, numbers in employers.items()
    ] + [(role, None, numbers) for role, numbers in plan["without_employer"].items()]
    return [
        (role, employer, key)
        for role, employer, numbers in rows
        for key, number in zip(keys, numbers, strict=True)
        for _ in range(number)
    ]


def _names(plan: dict[str, Any], chance: random.Random) -> Any:
    pairs = [(given, family) for given in plan["given_names"] for family in plan["family_names"]]
    chance.shuffle(pairs)
    return iter(pairs)


def _person(who: dict[str, Any], *, password: str, is_known: bool) -> User:
    username = who["username"]
    person = User.objects.create(
        uuid=demo_uuid(f"person/{username}"),
        username=username,
        first_name=who["given"],
        last_name=who["family"],
        email=f"{username}@demo.example",
        password=password,
        display_name=who["given"] if is_known else "",
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def _join(
    member: Member, *, number: int, began_on: date, today: date, chance: random.Random
) -> None:
    """Join the employer and the team; share with the team, or not."""
    starts_on = member.starts_on = began_on + timedelta(days=chance.randrange(0, 90))
    wte = Decimal(chance.choice(["1.00", "1.00", "0.80", "0.60", "0.50"]))
    if member.organisation is not None:
        employed = Membership.objects.create(
            uuid=demo_uuid(f"membership/{member.person.username}"),
            person=member.person,
            organisation=member.organisation,
            staff_number=f"D{number:04d}",
            job_title=member.role.title,
            wte=wte,
            starts_on=starts_on,
            status=MembershipStatus.ACTIVE,
            answered_at=morning(starts_on),
        )
        assign_role(membership=employed, role=member.role, starts_on=starts_on)
    joins_on = starts_on + timedelta(days=chance.randrange(1, 20))
    membership = join_team(
        person=member.person, team=member.team, starts_on=joins_on, at=morning(joins_on)
    )
    lot = chance.random()
    is_named = not member.person.username.startswith("demo")
    if lot > 0.97 and not is_named:
        refuse_membership(membership=membership, by=member.person, at=morning(joins_on))
        return
    share = ConsentSource.ALL if is_named or lot < 0.7 else ConsentSource.PLATFORM
    confirm_membership(
        membership=membership,
        by=member.person,
        at=morning(joins_on),
        share=None if 0.84 < lot <= 0.97 and not is_named else share,
    )
    assign_role(membership=membership, role=member.role, starts_on=joins_on)
    if 0.80 < lot <= 0.84 and not is_named:
        withdraw_all_consents(
            person=member.person,
            team=member.team,
            at=morning(today - timedelta(days=chance.randrange(5, 90))),
        )


def morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _give_leave(cast: Cast, *, began_on: date) -> None:
    olu, lena = cast.named["olu"], cast.named["lena"]
    olu.is_superuser = olu.is_staff = True
    olu.save(update_fields=["is_superuser", "is_staff"])

    def leave(person: User, kind: GrantKind, **of: Any) -> None:
        grant_leave(person=person, kind=kind, starts_on=began_on, granted_by=olu, **of)

    leave(olu, GrantKind.OPERATOR)
    leave(lena, GrantKind.WORKFORCE_LEAD, team=cast.teams["t1"])
    leave(lena, GrantKind.WORKFORCE_LEAD, team=cast.teams["t5"])
    leave(lena, GrantKind.WORKFORCE_LEAD, partnership=cast.partnership)
    leave(cast.named["edi"], GrantKind.EDUCATOR)
    leave(cast.named["edi"], GrantKind.MODERATOR)
    leave(
        cast.named["ada"],
        GrantKind.ORGANISATION_ADMINISTRATOR,
        organisation=cast.organisations["hearth"],
    )
    for one in cast.plan["supervisors"]:
        organisation = cast.organisations[one["organisation"]]
        supervisor = _supervisor(one["who"], organisation, cast)
        for member in cast.members:
            if (
                member.role.slug == one["role"]
                and member.organisation == organisation
                and member.person != supervisor
            ):
                supervise(
                    supervisor=supervisor,
                    person=member.person,
                    organisation=organisation,
                    starts_on=began_on,
                )


def _supervisor(who: str, organisation: Organisation, cast: Cast) -> User:
    """Return a named person, or the first in the organisation who fills a role."""
    return cast.named.get(who) or next(
        member.person
        for member in cast.members
        if member.role.slug == who and member.organisation == organisation
    )
