"""The ledger: views stand side by side, none overwrites another."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from assessments.enums import RatingKind
from assessments.models import Rating
from assessments.queries.ratings import (
    RatedRole,
    own_ratings,
    rated_role,
    ratings_open_to_supervisor,
)
from assessments.queries.supervision import supervision_list
from assessments.services.ratings import (
    Judgement,
    NotTheirRating,
    NotTheirSupervisor,
    submit_self_assessment,
    submit_supervisor_ratings,
    withdraw_rating,
)
from assessments.services.supervision import NotSupervised, open_supervised_role
from competencies.models import CompetencyVersion, Evidence, Role
from lrs.queries import statements_after
from organisations.enums import ConsentPurpose, GrantKind, PageSeen
from organisations.models import AccessNote, User
from organisations.queries import access_of, sources_open_to
from organisations.services import erase_person, merge_people
from tests.factories.assessments import AT, QuizFactory, RatingFactory, started, tried
from tests.factories.competencies import (
    FrameworkFactory,
    RequirementFactory,
    RoleAssignmentFactory,
    RoleFactory,
)
from tests.factories.organisations import (
    ConsentFactory,
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    SupervisionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ON = AT.date()


def make_role(needs: int = 2) -> Role:
    role = RoleFactory(framework=FrameworkFactory())
    for _ in range(needs):
        RequirementFactory(role=role)
    return role


def items_of(role: Role) -> list[CompetencyVersion]:
    return list(
        CompetencyVersion.objects.filter(competency__requirements__role=role)
        .select_related("competency")
        .order_by("position")
    )


def judge(item: CompetencyVersion, rank: int | None, comment: str = "") -> Judgement:
    level = item.competency.framework.levels.get(rank=rank) if rank else None
    return Judgement(item=item, level=level, comment=comment)


def say(person: User, *judgements: Judgement, at=AT, left_out=()) -> list[Rating]:
    return submit_self_assessment(
        person=person, judgements=judgements, left_out=left_out, at=at, language="en"
    )


def rate(rater: User, person: User, *judgements: Judgement, at=AT) -> list[Rating]:
    return submit_supervisor_ratings(
        rater=rater, person=person, judgements=judgements, at=at, language="en"
    )


def seen_by(viewer: User, person: User, role: Role, *, on=ON, **kwargs) -> RatedRole:
    access = access_of(viewer, on=on)
    visible = sources_open_to(viewer=access, moment=AT + DAY)
    mine = viewer == person
    return rated_role(
        viewer=access,
        person=person,
        role=role,
        ratings=own_ratings(viewer=access)
        if mine
        else ratings_open_to_supervisor(viewer=access, visible=visible),
        evidence=visible,
        on=on,
        language="en",
        **kwargs,
    )


def test_own_view_is_a_rating_its_evidence_and_a_statement() -> None:
    role, person = make_role(), PersonFactory()
    first, second = items_of(role)

    rows = say(person, judge(first, 2, " With help at first. "), judge(second, None))

    assert [(row.level and row.level.rank, row.comment) for row in rows] == [
        (2, "With help at first."),
        (None, ""),
    ]
    evidence = Evidence.objects.filter(person=person).order_by("item__position")
    assert [(one.rating_uuid, one.kind, one.level and one.level.rank) for one in evidence] == [
        (rows[0].uuid, "self_rating", 2),
        (rows[1].uuid, "self_rating", None),
    ]
    assert {one.source_organisation for one in evidence} == {None}
    said = [one.payload for one in statements_after(cursor="", limit=10).statements]
    assert [one["context"]["extensions"].popitem()[1] for one in said] == [
        str(row.uuid) for row in rows
    ]
    assert "With help at first" not in str(said)


def test_the_same_view_on_the_same_day_is_not_added_twice() -> None:
    role, person = make_role(1), PersonFactory()
    [item] = items_of(role)

    say(person, judge(item, 1))
    again = say(person, judge(item, 1), at=AT + timedelta(minutes=1))
    other = say(person, judge(item, 2), at=AT + timedelta(minutes=2))
    confirmed = say(person, judge(item, 2), at=AT + DAY)

    assert (len(again), len(other), len(confirmed)) == (0, 1, 1)
    assert [row.level.rank for row in Rating.objects.order_by("pk")] == [1, 2, 2]


def test_what_is_left_out_is_withdrawn_and_stays_in_the_ledger() -> None:
    role, person = make_role(2), PersonFactory()
    first, second = items_of(role)
    say(person, judge(first, 1), judge(second, 1))
    say(person, judge(first, 2), at=AT + DAY)

    say(person, left_out=[first.competency], at=AT + 2 * DAY)

    assert Rating.objects.count() == 3
    assert Rating.objects.filter(withdrawn_at=AT + 2 * DAY).count() == 2
    assert Rating.objects.standing().get().competency == second.competency
    assert Evidence.objects.get(withdrawn_at=None).competency == second.competency
    lines = {line.item: line for f in seen_by(person, person, role).functions for line in f.lines}
    assert lines[first].own is None
    assert len(lines[first].history) == 2


def test_a_failed_form_leaves_nothing() -> None:
    role, person = make_role(2), PersonFactory()
    first, second = items_of(role)
    foreign = FrameworkFactory().levels.first()

    with pytest.raises(ValueError, match="framework"):
        say(person, judge(first, 1), Judgement(item=second, level=foreign))

    assert (Rating.objects.count(), Evidence.objects.count()) == (0, 0)
    assert statements_after(cursor="", limit=10).statements == []


def test_a_supervisor_stands_beside_and_hides_nobody() -> None:
    role, person = make_role(1), PersonFactory()
    [item] = items_of(role)
    one, two = (
        SupervisionFactory(person=person, organisation=OrganisationFactory()) for _ in range(2)
    )
    say(person, judge(item, 3))

    rate(one.supervisor, person, judge(item, 1, "Seen in clinic."), at=AT + DAY)
    rate(two.supervisor, person, judge(item, 2), at=AT + DAY)
    rate(two.supervisor, person, judge(item, None), at=AT + 2 * DAY)

    [line] = seen_by(person, person, role).functions[0].lines
    assert line.own.level.level.rank == 3
    assert [(o.rating.rater, o.level and o.level.level.rank) for o in line.others] == [
        (two.supervisor, None),
        (one.supervisor, 1),
    ]
    assert Rating.objects.count() == 4
    assert Evidence.objects.filter(withdrawn_at=None).count() == 4
    assert Rating.objects.get(rater=one.supervisor).organisation == one.organisation
    assert Evidence.objects.get(source_organisation=one.organisation).kind == "supervisor_rating"


def test_only_an_open_supervision_lets_rate() -> None:
    role, person = make_role(1), PersonFactory()
    [item] = items_of(role)
    ended = SupervisionFactory(person=person, ends_on=ON - DAY)
    later = SupervisionFactory(person=person, starts_on=ON + DAY)

    for rater in [ended.supervisor, later.supervisor, PersonFactory(), person]:
        with pytest.raises(NotTheirSupervisor):
            rate(rater, person, judge(item, 1))
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("of", ["organisation", "team"])
def test_a_supervisor_by_grant_rates_on_behalf_of_it(of: str) -> None:
    role, rater = make_role(1), PersonFactory()
    [item] = items_of(role)
    place = OrganisationFactory() if of == "organisation" else TeamFactory()
    GrantFactory(person=rater, kind=GrantKind.SUPERVISOR, **{of: place})
    person = MembershipFactory(**{of: place}).person

    [rating] = rate(rater, person, judge(item, 2))

    assert getattr(rating, of) == place


def test_withdrawing_brings_back_what_was_said_before() -> None:
    role, person = make_role(1), PersonFactory()
    [item] = items_of(role)
    rater = SupervisionFactory(person=person).supervisor
    rate(rater, person, judge(item, 1))
    [newer] = rate(rater, person, judge(item, 3), at=AT + DAY)

    withdraw_rating(rating=newer, by=rater, at=AT + 2 * DAY)
    withdraw_rating(rating=newer, by=rater, at=AT + 3 * DAY)

    newer.refresh_from_db()
    assert newer.withdrawn_at == AT + 2 * DAY
    [line] = seen_by(person, person, role).functions[0].lines
    assert line.others[0].level.level.rank == 1
    assert len(line.history) == 2
    assert Evidence.objects.get(rating_uuid=newer.uuid).withdrawn_at == AT + 2 * DAY
    said = statements_after(cursor="", limit=10).statements
    assert [one.is_void for one in said] == [False, True, False]


def test_only_its_rater_withdraws_a_rating() -> None:
    rating = RatingFactory(kind=RatingKind.SUPERVISOR, item=items_of(make_role(1))[0])

    for other in [rating.person, PersonFactory()]:
        with pytest.raises(NotTheirRating):
            withdraw_rating(rating=rating, by=other, at=AT)
    assert Rating.objects.standing().get() == rating


@pytest.mark.parametrize(("kind", "own"), [(RatingKind.SELF, False), (RatingKind.PEER, True)])
def test_an_own_view_is_given_by_oneself_and_no_other_view_is(kind: str, own: bool) -> None:
    person = PersonFactory()

    with pytest.raises(IntegrityError):
        RatingFactory(person=person, kind=kind, rater=person if own else PersonFactory())


def test_a_supervisor_sees_an_own_view_only_by_consent() -> None:
    role = make_role(1)
    [item] = items_of(role)
    employer = OrganisationFactory()
    person = MembershipFactory(organisation=employer).person
    rater = SupervisionFactory(person=person, organisation=employer).supervisor
    stranger = SupervisionFactory(person=PersonFactory()).supervisor
    say(person, judge(item, 3))
    rate(rater, person, judge(item, 1))

    [before] = seen_by(rater, person, role).functions[0].lines
    consent = ConsentFactory(
        person=person, organisation=employer, purpose=ConsentPurpose.SUPERVISION
    )
    [after] = seen_by(rater, person, role).functions[0].lines
    consent.purpose = ConsentPurpose.TEAM_PROFILE
    consent.save()
    [other_purpose] = seen_by(rater, person, role).functions[0].lines
    [of_stranger] = seen_by(stranger, person, role).functions[0].lines

    assert before.own is None
    assert before.by(rater.pk).level.level.rank == 1
    assert after.own.level.level.rank == 3
    assert other_purpose.own is None
    assert (of_stranger.own, of_stranger.others, of_stranger.history) == (None, (), ())


def test_the_list_counts_what_waits() -> None:
    role = make_role(2)
    first, second = items_of(role)
    employer = OrganisationFactory()
    membership = MembershipFactory(organisation=employer)
    person = membership.person
    RoleAssignmentFactory(membership=membership, role=role)
    rater = SupervisionFactory(person=person, organisation=employer).supervisor
    quiet = SupervisionFactory(supervisor=rater).person
    ConsentFactory(person=person, organisation=employer, purpose=ConsentPurpose.SUPERVISION)

    def waiting() -> dict[User, int]:
        access = access_of(rater, on=ON)
        visible = sources_open_to(viewer=access, moment=AT + DAY)
        found = supervision_list(viewer=access, visible=visible, on=ON, language="en")
        return {one.person: one.waiting for one in found}

    assert waiting() == {person: 0, quiet: 0}
    say(person, judge(first, 1), judge(second, 1))
    assert waiting() == {person: 2, quiet: 0}
    assert next(iter(waiting())) == person
    rate(rater, person, judge(first, 1), at=AT + timedelta(hours=1))
    assert waiting() == {person: 1, quiet: 0}
    say(person, judge(first, 2), at=AT + timedelta(hours=2))
    assert waiting() == {person: 2, quiet: 0}


def test_a_look_is_noted_and_a_look_at_anyone_else_is_refused() -> None:
    role, person = make_role(1), PersonFactory()
    supervision = SupervisionFactory(person=person)
    rater, stranger = supervision.supervisor, PersonFactory()

    def look(viewer: User) -> object:
        access = access_of(viewer, on=ON)
        return open_supervised_role(
            viewer=access,
            supervisor=viewer,
            person=person,
            role=role,
            visible=sources_open_to(viewer=access, moment=AT),
            at=AT,
            language="en",
        )

    with pytest.raises(NotSupervised):
        look(stranger)
    look(rater)

    note = AccessNote.objects.get()
    assert (note.viewer, note.person, note.page) == (rater, person, PageSeen.RATING)


@pytest.mark.parametrize("needs", [1, 3])
def test_a_role_costs_the_same_whatever_it_asks_for(needs: int, django_assert_num_queries) -> None:
    role, person = make_role(needs), PersonFactory()
    rater = SupervisionFactory(person=person).supervisor
    for item in items_of(role):
        say(person, judge(item, 1))
        rate(rater, person, judge(item, 2))
    access = access_of(person, on=ON)

    with django_assert_num_queries(7):
        rated = rated_role(
            viewer=access,
            person=person,
            role=role,
            ratings=own_ratings(viewer=access),
            evidence=sources_open_to(viewer=access, moment=AT),
            on=ON,
            language="en",
        )

    assert rated.said == needs


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    people: int, django_assert_num_queries
) -> None:
    role, rater = make_role(2), PersonFactory()
    for _ in range(people):
        membership = MembershipFactory()
        RoleAssignmentFactory(membership=membership, role=role)
        SupervisionFactory(supervisor=rater, person=membership.person)
        rate(rater, membership.person, judge(items_of(role)[0], 1))
    access = access_of(rater, on=ON)
    visible = sources_open_to(viewer=access, moment=AT)

    with django_assert_num_queries(6):
        found = supervision_list(viewer=access, visible=visible, on=ON, language="en")

    assert len(found) == people


def test_erasing_takes_ratings_attempts_and_the_raters_name() -> None:
    role, person, quiz = make_role(1), PersonFactory(), QuizFactory()
    [item] = items_of(role)
    rater = SupervisionFactory(person=person).supervisor
    say(person, judge(item, 1))
    rate(rater, person, judge(item, 2))
    tried(person=person, quiz=quiz)
    say(rater, judge(item, 3))

    erase_person(person=rater)

    assert [(row.person, row.rater) for row in Rating.objects.order_by("pk")] == [
        (person, person),
        (person, None),
    ]

    erase_person(person=person)

    assert Rating.objects.count() == 0
    assert quiz.attempts.count() == 0


def test_merging_moves_attempts_and_ratings() -> None:
    role, quiz = make_role(1), QuizFactory()
    [item] = items_of(role)
    kept, gone = PersonFactory(), PersonFactory()
    SupervisionFactory(supervisor=gone, person=kept)
    rate(gone, kept, judge(item, 2))
    for person in [kept, gone]:
        say(person, judge(item, 1))
        tried(person=person, quiz=quiz)
        started(person=person, quiz=quiz)

    merge_people(kept=kept, gone=gone)

    attempts = quiz.attempts.order_by("number")
    assert {one.person for one in attempts} == {kept}
    assert [(one.number, one.submitted_at is None) for one in attempts] == [
        (1, False),
        (2, True),
        (3, False),
    ]
    assert sorted(
        (row.kind, row.person_id, row.rater_id or 0) for row in Rating.objects.all()
    ) == sorted(
        [("supervisor", kept.pk, 0), ("self", kept.pk, kept.pk), ("self", kept.pk, kept.pk)]
    )
