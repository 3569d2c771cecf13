"""Pages of one's own view and of supervision: what they show, and to whom."""

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Rating
from cms.models import TranslatedText
from competencies.models import Role
from organisations.enums import ConsentPurpose, PageSeen
from organisations.models import AccessNote, Membership, User
from tests.assessments.test_ratings import items_of, judge, make_role, rate, say
from tests.factories.competencies import RoleAssignmentFactory, RoleFactory
from tests.factories.organisations import (
    ConsentFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    SupervisionFactory,
)
from tests.factories.workforce import make_world

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def employed(role: Role) -> Membership:
    membership = MembershipFactory()
    RoleAssignmentFactory(membership=membership, role=role)
    return membership


def field(item, kind: str = "level") -> str:
    return f"{kind}-{item.uuid}"


def test_my_roles_come_first_and_others_may_be_looked_at() -> None:
    mine, other = make_role(1), make_role(1)
    person = employed(mine).person

    page = signed_in(person).get("/me/self-assessment/").content.decode()

    assert page.index(mine.title) < page.index("Another role") < page.index(other.title)


def test_someone_without_a_role_finds_all_of_them() -> None:
    role = make_role(1)

    page = signed_in(PersonFactory()).get("/me/self-assessment/").content.decode()

    assert "Nobody has given you a role here yet" in page
    assert f'href="/me/self-assessment/{role.slug}/"' in page


def test_one_function_a_page_saved_and_on_to_the_review() -> None:
    role = make_role(3)
    first, second, third = items_of(role)
    person = employed(role).person
    client = signed_in(person)
    base = f"/me/self-assessment/{role.slug}/"

    assert "Not started" in client.get(base).content.decode()
    page = client.get(base + "F1/").content.decode()
    assert "Essential F1.1." in page
    answer = client.post(
        base + "F1/",
        {field(first): "enhanced", field(first, "comment"): "Often.", field(second): "not-yet"},
    )
    assert answer["Location"] == base + "F2/"
    assert client.post(base + "F2/", {field(third): "leave"})["Location"] == base + "review/"

    said = {row.item: row for row in Rating.objects.filter(person=person)}
    assert said[first].level.key == "enhanced"
    assert said[first].comment == "Often."
    assert said[second].level is None
    assert third not in said
    page = client.get(base + "review/").content.decode()
    assert "Often." in page
    assert "All answered" in client.get(base).content.decode()


def test_what_is_wrong_is_said_and_nothing_saved() -> None:
    role = make_role(2)
    first, second = items_of(role)
    client = signed_in(employed(role).person)

    for wrong, words in [
        ({field(first): "magic", field(second): "leave"}, "Choose one of the levels"),
        ({field(first): "expert"}, "Choose a level, or leave this one out"),
        (
            {field(first): "expert", field(second): "leave", field(second, "comment"): "Hm."},
            "Choose a level to go with your comment",
        ),
        (
            {
                field(first): "expert",
                field(first, "comment"): "x" * 2001,
                field(second): "leave",
            },
            "2,000 characters",
        ),
    ]:
        answer = client.post(f"/me/self-assessment/{role.slug}/F1/", wrong)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert Rating.objects.count() == 0


def test_my_last_answer_and_my_supervisors_view_are_beside() -> None:
    role = make_role(1)
    [item] = items_of(role)
    person = employed(role).person
    rater = SupervisionFactory(person=person, organisation=OrganisationFactory()).supervisor
    say(person, judge(item, 2, "Mine."), at=timezone.now())
    rate(rater, person, judge(item, 1, "Theirs."), at=timezone.now())
    client = signed_in(person)

    page = client.get(f"/me/self-assessment/{role.slug}/F1/").content.decode()

    assert f'value="enhanced" id="id_{field(item)}_enhanced" checked' in page
    assert "Theirs." in page
    assert rater.full_name in page
    client.post(f"/me/self-assessment/{role.slug}/F1/", {field(item): "leave"})
    assert Rating.objects.standing().get().rater == rater


def test_self_assessment_speaks_the_readers_language() -> None:
    role = make_role(1)
    [item] = items_of(role)
    TranslatedText.objects.create(
        subject_uuid=item.competency.uuid,
        field="title",
        language="cy",
        text="Gofyn beth sy'n bwysig",
    )

    client = signed_in(employed(role).person)
    assert item.statement in client.get(f"/me/self-assessment/{role.slug}/F1/").content.decode()
    page = client.get(f"/cy/me/self-assessment/{role.slug}/F1/").content.decode()

    assert "Gofyn beth sy&#x27;n bwysig" in page
    assert f'<span lang="en" dir="ltr">{item.statement}</span>' in page


def test_pages_of_ones_own_view_ask_for_signing_in_or_are_404() -> None:
    role = make_role(1)
    hidden = RoleFactory(framework=role.framework, owner_organisation=OrganisationFactory())
    paths = [
        "/me/self-assessment/",
        f"/me/self-assessment/{role.slug}/",
        f"/me/self-assessment/{role.slug}/F1/",
        f"/me/self-assessment/{role.slug}/review/",
    ]

    assert {Client().get(path).status_code for path in paths} == {302}
    client = signed_in(PersonFactory())
    assert {client.get(path).status_code for path in paths} == {200}
    assert client.get(f"/me/self-assessment/{role.slug}/F9/").status_code == 404
    assert client.get(f"/me/self-assessment/{hidden.slug}/").status_code == 404
    assert client.get("/me/self-assessment/no-such-role/").status_code == 404


def supervised(role: Role, *, shares: bool = True) -> tuple[User, User]:
    membership = employed(role)
    supervision = SupervisionFactory(person=membership.person, organisation=membership.organisation)
    if shares:
        ConsentFactory(
            person=membership.person,
            organisation=membership.organisation,
            purpose=ConsentPurpose.SUPERVISION,
        )
    return supervision.supervisor, membership.person


def test_a_supervisor_sees_rates_and_withdraws_on_one_screen() -> None:
    role = make_role(2)
    first, second = items_of(role)
    rater, person = supervised(role)
    say(person, judge(first, 3, "I lead these talks."), at=timezone.now())
    client = signed_in(rater)
    page_url = f"/supervision/{person.uuid}/"

    page = client.get("/supervision/").content.decode()
    assert "1 to look at" in page
    page = client.get(page_url).content.decode()
    assert "I lead these talks." in page
    answer = client.post(
        page_url,
        {
            field(first): "enhanced",
            field(first, "comment"): "With the family in the room too.",
            field(second): "leave",
        },
    )
    assert answer["Location"] == page_url
    rating = Rating.objects.get(rater=rater)
    assert (rating.kind, rating.level.key) == ("supervisor", "enhanced")
    assert Rating.objects.get(rater=person).level.key == "expert"
    assert "0 to look at" not in client.get("/supervision/").content.decode()

    withdraw = f"/supervision/ratings/{rating.uuid}/withdraw/"
    assert "Withdraw this rating?" in client.get(withdraw).content.decode()
    rating.refresh_from_db()
    assert rating.withdrawn_at is None
    assert client.post(withdraw)["Location"] == page_url
    rating.refresh_from_db()
    assert rating.withdrawn_at is not None
    assert client.get(withdraw).status_code == 404


def test_a_supervisor_saves_a_function_at_a_time_and_is_told_there() -> None:
    world = make_world(people=0, functions=2, competencies=2)
    items, level = world.items, world.levels[0]
    rater, person = supervised(world.role)
    client = signed_in(rater)
    page_url = f"/supervision/{person.uuid}/"
    first, other = items[0], items[2]

    assert client.get(page_url).content.decode().count("0 of 2 done") == 2

    answer = client.post(
        page_url, {"function": "F1", field(first): level.key, field(items[1]): "leave"}
    )
    assert answer.status_code == 302
    assert answer["Location"] == f"{page_url}?open=F1#function-F1"
    assert list(Rating.objects.values_list("competency_id", flat=True)) == [first.competency_id]

    page = client.get(answer["Location"]).content.decode()
    assert "1 of 2 done" in page
    assert "0 of 2 done" in page
    assert (
        page.index('id="function-F1"')
        < page.index("1 rating saved.")
        < page.index('id="function-F2"')
    )

    wrong = client.post(
        page_url, {"function": "F2", field(other): "nonsense", field(items[3]): "leave"}
    )
    assert wrong.status_code == 422
    shown = wrong.content.decode()
    assert 'id="function-F2" open' in shown
    assert 'id="function-F1" open' not in shown
    assert Rating.objects.count() == 1


def test_without_consent_a_supervisor_sees_no_own_view() -> None:
    role = make_role(1)
    [item] = items_of(role)
    rater, person = supervised(role, shares=False)
    say(person, judge(item, 3, "I lead these talks."), at=timezone.now())

    page = signed_in(rater).get(f"/supervision/{person.uuid}/").content.decode()

    assert "I lead these talks." not in page
    assert "None that you can see" in page


def test_each_look_is_noted() -> None:
    role = make_role(1)
    rater, person = supervised(role)
    SupervisionFactory(supervisor=rater)
    client = signed_in(rater)

    client.get("/supervision/")
    assert AccessNote.objects.count() == 0
    say(person, judge(items_of(role)[0], 1), at=timezone.now())
    client.get("/supervision/")
    client.get(f"/supervision/{person.uuid}/")
    client.get(f"/supervision/{person.uuid}/")

    notes = AccessNote.objects.order_by("pk").values_list("viewer", "person", "page")
    pages = [PageSeen.SUPERVISION_LIST, PageSeen.RATING, PageSeen.RATING]
    assert list(notes) == [(rater.pk, person.pk, page) for page in pages]


def test_supervision_is_for_their_supervisor_today_alone() -> None:
    role = make_role(1)
    [item] = items_of(role)
    rater, person = supervised(role)
    other_rater, other_person = supervised(role)
    [rating] = rate(rater, person, judge(item, 1), at=timezone.now())
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    former = SupervisionFactory(person=person, ends_on=yesterday).supervisor
    looks = [f"/supervision/{person.uuid}/", f"/supervision/ratings/{rating.uuid}/withdraw/"]

    for path in ["/supervision/", *looks]:
        assert Client().get(path).status_code == 302
        assert Client().post(path, {field(item): "expert"}).status_code in {302, 405}
    for viewer in [other_rater, former, person, other_person, PersonFactory()]:
        client = signed_in(viewer)
        for path in looks:
            assert client.get(path).status_code == 404
            assert client.post(path, {field(item): "expert"}).status_code == 404
    assert signed_in(person).get("/supervision/").status_code == 404
    assert Rating.objects.get() == rating
    assert AccessNote.objects.count() == 0
    assert signed_in(rater).get(looks[0]).status_code == 200


def test_several_roles_are_tabs() -> None:
    one, two = make_role(1), make_role(1)
    membership = employed(one)
    RoleAssignmentFactory(membership=membership, role=two)
    rater = SupervisionFactory(person=membership.person).supervisor
    client = signed_in(rater)

    page = client.get(f"/supervision/{membership.person.uuid}/?role={two.slug}").content.decode()

    assert f'href="?role={one.slug}"' in page
    assert field(items_of(two)[0]) in page
    assert field(items_of(one)[0]) not in page


def test_someone_without_a_role_has_a_page_that_says_so() -> None:
    supervision = SupervisionFactory()

    client = signed_in(supervision.supervisor)
    page = client.get(f"/supervision/{supervision.person.uuid}/").content.decode()

    assert "has no role yet" in page


@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_whatever_the_size(size: int, django_assert_num_queries) -> None:
    role = make_role(size)
    rater, person = supervised(role)
    for item in items_of(role):
        say(person, judge(item, 1), at=timezone.now())
        rate(rater, person, judge(item, 1), at=timezone.now())
    mine, theirs = signed_in(person), signed_in(rater)

    with django_assert_num_queries(13):
        mine.get(f"/me/self-assessment/{role.slug}/")
    with django_assert_num_queries(13):
        mine.get(f"/me/self-assessment/{role.slug}/F1/")
    with django_assert_num_queries(14):
        theirs.get("/supervision/")
    with django_assert_num_queries(18):
        theirs.get(f"/supervision/{person.uuid}/")
