"""Spaces, discussions and people who take part in them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from discussions.enums import Delivery, ReportReason
from discussions.models import Participant, Post, Report, Space, Subscription, Thread
from discussions.rules.formatting import plain_words, safe_html
from organisations.enums import Visibility
from organisations.models import Organisation
from tests.factories.organisations import PersonFactory

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


class ParticipantFactory(DjangoModelFactory):
    """Somebody who chose a name and takes part; the person is ``.person``."""

    class Meta:
        model = Participant

    person = factory.SubFactory(
        PersonFactory, display_name=factory.Sequence(lambda n: f"Ffion Testwell {n}")
    )
    joined_at = AT
    digest_at = AT
    delivery = Delivery.WEEKLY


class SpaceFactory(DjangoModelFactory):
    """A public space; ``restricted_to=organisation`` makes it that organisation's own."""

    class Meta:
        model = Space
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"space-{n}")
    title = factory.LazyAttribute(lambda o: f"Title of {o.slug}")
    description = "What it is about."
    house_rules = "Be kind.\nUse plain words."
    created_at = AT

    class Params:
        signed_in = factory.Trait(visibility=Visibility.SIGNED_IN)
        unnamed = factory.Trait(allows_unnamed=True)
        for_lessons = factory.Trait(is_for_lessons=True)

    @factory.post_generation
    def restricted_to(self, create: bool, extracted: Organisation | None, **kwargs: Any) -> None:
        if create and extracted is not None:
            self.visibility = Visibility.ORGANISATIONS
            self.visible_to.add(extracted)
            self.save()


class ThreadFactory(DjangoModelFactory):
    """A discussion with its first post and ``replies`` more, a minute apart."""

    class Meta:
        model = Thread
        skip_postgeneration_save = True

    space = factory.SubFactory(SpaceFactory)
    title = factory.Sequence(lambda n: f"Discussion {n}")
    author = factory.LazyFunction(lambda: ParticipantFactory().person)
    created_at = AT
    last_post_at = AT

    @factory.post_generation
    def replies(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        if not create:
            return
        for number in range(1, (extracted or 0) + 2):
            person = self.author if number == 1 else ParticipantFactory().person
            PostFactory(
                thread=self,
                number=number,
                author=person,
                created_at=AT + timedelta(minutes=number - 1),
            )


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    thread = factory.SubFactory(ThreadFactory)
    number = factory.LazyAttribute(lambda o: o.thread.posts.count() + 1)
    author = factory.LazyFunction(lambda: ParticipantFactory().person)
    source = factory.LazyAttribute(lambda o: f"Words of contribution {o.number}.")
    body = factory.LazyAttribute(lambda o: safe_html(o.source))
    text = factory.LazyAttribute(lambda o: plain_words(o.body))
    created_at = AT

    class Params:
        hidden = factory.Trait(hidden_at=AT, hidden_reason=ReportReason.UNKIND)
        withdrawn = factory.Trait(withdrawn_at=AT, source="", body="", text="")


class SubscriptionFactory(DjangoModelFactory):
    class Meta:
        model = Subscription

    person = factory.LazyFunction(lambda: ParticipantFactory().person)
    delivery = Delivery.EACH
    changed_at = AT


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = Report

    post = factory.SubFactory(PostFactory)
    reporter = factory.LazyFunction(lambda: ParticipantFactory().person)
    reason = ReportReason.UNKIND
    reported_at = AT
