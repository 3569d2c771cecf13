"""Frameworks with published text, roles, and who fills them."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from competencies.enums import CompetencyKind, FrameworkStatus, Importance
from competencies.models import (
    Competency,
    CompetencyVersion,
    Framework,
    FrameworkVersion,
    Level,
    LevelDescriptor,
    Role,
    RoleAssignment,
    RoleRequirement,
)

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
LEVELS = ("essential", "enhanced", "expert")


class FrameworkFactory(DjangoModelFactory):
    """A framework with a published version, three levels and ``functions`` × ``competencies``.

    Functions have codes F1, F2 …; competencies F1.1, F1.2 …. Pass ``functions=0`` for an empty
    framework, ``published=None`` for one without any version.
    """

    class Meta:
        model = Framework
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"framework-{n}")

    class Params:
        shared = factory.Trait(is_shared=True)

    @factory.post_generation
    def published(framework: Framework, create: bool, extracted: Any, **sizes: Any) -> None:  # noqa: N805
        if not create or extracted is False:
            return
        for rank, key in enumerate(LEVELS, start=1):
            LevelFactory(framework=framework, key=key, rank=rank, name=key.title())
        version = FrameworkVersionFactory(framework=framework)
        position = 0
        for number in range(1, sizes.get("functions", 2) + 1):
            parent = ItemFactory(
                version=version,
                kind=CompetencyKind.FUNCTION,
                code=f"F{number}",
                title=f"Function {number}",
                position=position,
            )
            for part in range(1, sizes.get("competencies", 2) + 1):
                position += 1
                item = ItemFactory(
                    version=version,
                    parent=parent,
                    code=f"F{number}.{part}",
                    title=f"Competency {number}.{part}",
                    position=position,
                )
                LevelDescriptor.objects.bulk_create(
                    LevelDescriptor(item=item, level=level, text=f"{level.name} {item.code}.")
                    for level in framework.levels.order_by("rank")
                )
            position += 1


class FrameworkVersionFactory(DjangoModelFactory):
    class Meta:
        model = FrameworkVersion

    framework = factory.SubFactory(FrameworkFactory, published=False)
    number = factory.Sequence(lambda n: n + 1)
    label = "1.0"
    status = FrameworkStatus.PUBLISHED
    title = factory.LazyAttribute(lambda o: f"Framework {o.framework.slug}")
    creator = "Testing Partnership"
    changed_at = AT
    published_at = AT


class LevelFactory(DjangoModelFactory):
    class Meta:
        model = Level

    framework = factory.SubFactory(FrameworkFactory, published=False)
    rank = factory.Sequence(lambda n: n + 1)
    key = factory.LazyAttribute(lambda o: f"level-{o.rank}")
    name = factory.LazyAttribute(lambda o: f"Level {o.rank}")


class CompetencyFactory(DjangoModelFactory):
    """An identity alone; `ItemFactory` gives it words."""

    class Meta:
        model = Competency

    framework = factory.SubFactory(FrameworkFactory, published=False)
    source_identifier = factory.Sequence(lambda n: f"C{n}")


class ItemFactory(DjangoModelFactory):
    """What a competency says in a version."""

    class Meta:
        model = CompetencyVersion

    version = factory.SubFactory(FrameworkVersionFactory)
    code = factory.Sequence(lambda n: f"C{n}")
    competency = factory.LazyAttribute(
        lambda o: CompetencyFactory(framework=o.version.framework, source_identifier=o.code)
    )
    title = factory.LazyAttribute(lambda o: f"Competency {o.code}")
    statement = factory.LazyAttribute(lambda o: f"Do what {o.code} says.")
    changed_at = AT


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = Role

    slug = factory.Sequence(lambda n: f"role-{n}")
    title = factory.LazyAttribute(lambda o: o.slug.replace("-", " ").capitalize())
    summary = "Works with people in the neighbourhood."
    framework = factory.SubFactory(FrameworkFactory)


class RequirementFactory(DjangoModelFactory):
    """The role needs the first competency that it does not need yet, at the first level."""

    class Meta:
        model = RoleRequirement

    role = factory.SubFactory(RoleFactory)
    competency = factory.LazyAttribute(
        lambda o: (
            Competency.objects.filter(
                framework=o.role.framework, versions__kind=CompetencyKind.COMPETENCY
            )
            .exclude(requirements__role=o.role)
            .order_by("pk")
            .first()
        )
    )
    level = factory.LazyAttribute(lambda o: o.competency.framework.levels.order_by("rank").first())
    importance = Importance.ESSENTIAL


class RoleAssignmentFactory(DjangoModelFactory):
    class Meta:
        model = RoleAssignment

    membership = factory.SubFactory("tests.factories.organisations.MembershipFactory")
    role = factory.SubFactory(RoleFactory)
    starts_on = date(2026, 1, 1)
