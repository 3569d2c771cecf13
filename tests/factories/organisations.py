"""People and the places they work, plainly made up."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from organisations.enums import (
    ConsentPurpose,
    ConsentSource,
    GrantKind,
    MembershipStatus,
    PlaceKind,
    Sector,
)
from organisations.models import (
    Consent,
    Grant,
    Membership,
    Organisation,
    Partnership,
    Place,
    Supervision,
    Team,
    User,
)

STARTED_ON = date(2026, 1, 1)
STARTED_AT = datetime(2026, 1, 1, 9, tzinfo=UTC)


class PersonFactory(DjangoModelFactory[User]):
    """Someone who can sign in with ``password``; ``verified=False`` leaves the address unproved."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"tester{number}")
    first_name = "Ffion"
    last_name = factory.Sequence(lambda number: f"Testwell{number}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@example.org")
    password = factory.django.Password("a quiet river")

    @factory.post_generation
    def verified(self, create: bool, extracted: bool | None, **kwargs: object) -> None:
        if create and extracted is not False and self.email:
            self.emailaddress_set.create(email=self.email, verified=True, primary=True)


class PlaceFactory(DjangoModelFactory[Place]):
    class Meta:
        model = Place

    name = factory.Sequence(lambda number: f"Testdale {number}")
    kind = PlaceKind.RURAL


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda number: f"Testshire Care {number}")
    sector = Sector.CARE_PROVIDER


class PartnershipFactory(DjangoModelFactory[Partnership]):
    class Meta:
        model = Partnership
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Testshire Together {number}")

    @factory.post_generation
    def organisations(
        self, create: bool, extracted: list[Organisation] | None, **kw: object
    ) -> None:
        if create and extracted:
            self.organisations.add(*extracted)

    @factory.post_generation
    def places(self, create: bool, extracted: list[Place] | None, **kwargs: object) -> None:
        if create and extracted:
            self.places.add(*extracted)


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    name = factory.Sequence(lambda number: f"Riverside team {number}")
    partnership = factory.SubFactory(PartnershipFactory)


class MembershipFactory(DjangoModelFactory[Membership]):
    """Of an organisation; give ``team=`` to make it of a team instead."""

    class Meta:
        model = Membership

    class Params:
        invited = factory.Trait(
            status=MembershipStatus.INVITED,
            invited_email=factory.Sequence(lambda number: f"invited{number}@example.org"),
            invited_at=STARTED_AT,
            answered_at=None,
        )
        ended = factory.Trait(ends_on=date(2026, 3, 31))

    person = factory.SubFactory(PersonFactory)
    team = None
    organisation = factory.Maybe("team", None, factory.SubFactory(OrganisationFactory))
    wte = Decimal("1.00")
    starts_on = STARTED_ON
    status = MembershipStatus.ACTIVE
    answered_at = STARTED_AT


class GrantFactory(DjangoModelFactory[Grant]):
    """Leave as workforce lead; say of what."""

    class Meta:
        model = Grant

    class Params:
        ended = factory.Trait(ends_on=date(2026, 3, 31))

    person = factory.SubFactory(PersonFactory)
    kind = GrantKind.WORKFORCE_LEAD
    starts_on = STARTED_ON


class SupervisionFactory(DjangoModelFactory[Supervision]):
    """In the name of an organisation, or of ``team=``; both are members there.

    ``members=False`` leaves their memberships to the test.
    """

    class Meta:
        model = Supervision
        skip_postgeneration_save = True

    class Params:
        ended = factory.Trait(ends_on=date(2026, 3, 31))

    supervisor = factory.SubFactory(PersonFactory)
    person = factory.SubFactory(PersonFactory)
    team = None
    organisation = factory.Maybe("team", None, factory.SubFactory(OrganisationFactory))
    starts_on = STARTED_ON

    @factory.post_generation
    def members(self, create: bool, extracted: bool | None, **kwargs: object) -> None:
        if not create or extracted is False:
            return
        for person in (self.supervisor, self.person):
            there = {"person": person, "organisation": self.organisation, "team": self.team}
            if not Membership.objects.filter(**there).exists():
                MembershipFactory(**there)


class ConsentFactory(DjangoModelFactory[Consent]):
    """Everything, to a team, for its profile; give ``organisation=`` to open it to one instead."""

    class Meta:
        model = Consent

    class Params:
        expired = factory.Trait(ends_at=datetime(2026, 3, 31, tzinfo=UTC))
        withdrawn = factory.Trait(withdrawn_at=datetime(2026, 3, 31, tzinfo=UTC))

    person = factory.SubFactory(PersonFactory)
    source = ConsentSource.ALL
    organisation = None
    team = factory.Maybe("organisation", None, factory.SubFactory(TeamFactory))
    purpose = ConsentPurpose.TEAM_PROFILE
    starts_at = STARTED_AT
