"""Writing questions and quizzes in the editor: who may, and what is refused."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.blocks import QuizChooserBlock
from assessments.models import Choice, Question, Quiz
from competencies.models import ActivityMapping
from organisations.enums import GrantKind
from organisations.models import Organisation, User
from organisations.services import keep_educators
from tests.factories.assessments import QuestionFactory, QuizFactory
from tests.factories.competencies import FrameworkFactory
from tests.factories.organisations import GrantFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db

QUESTIONS, QUIZZES = (
    f"wagtailsnippets_assessments_{name}:{{}}".format for name in ["question", "quiz"]
)


def educator(*, of: Organisation | None = None, kind: str = GrantKind.EDUCATOR) -> Client:
    grant = GrantFactory(kind=kind, organisation=of)
    keep_educators(on=timezone.localdate())
    client = Client()
    client.force_login(grant.person)
    return client


def rows(prefix: str, values: list[dict[str, Any]], initial: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(values),
        f"{prefix}-INITIAL_FORMS": initial,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for place, row in enumerate(values):
        data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
        data[f"{prefix}-{place}-ORDER"] = place + 1
    return data


def rich(words: str) -> str:
    block = {
        "key": "a",
        "text": words,
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": [],
    }
    return json.dumps({"blocks": [block], "entityMap": {}})


def question_data(owner: Organisation | None, *, rights: int = 1, **other: Any) -> dict[str, Any]:
    choices = [
        {
            "text": f"Answer {n}",
            "feedback": "Because.",
            **({"is_right": "on"} if n < rights else {}),
        }
        for n in range(3)
    ]
    return {
        "text": rich("What would you do first?"),
        "kind": "single",
        "language": "en",
        "owner_organisation": owner.pk if owner else "",
        **rows("choices", choices),
        **other,
    }


def quiz_data(
    owner: Organisation | None, questions: list[Question], **other: Any
) -> dict[str, Any]:
    return {
        "title": "A new quiz",
        "intro": rich("Some questions."),
        "pass_percent": 80,
        "max_attempts": "",
        "is_published": "on",
        "owner_organisation": owner.pk if owner else "",
        "visibility": "public",
        **rows("questions", [{"question": one.pk, "marks": 1} for one in questions]),
        **rows("competencies_shown", other.pop("shown", [])),
        **other,
    }


def test_an_educator_writes_a_question() -> None:
    owner = OrganisationFactory()
    client = educator(of=owner)

    answer = client.post(reverse(QUESTIONS("add")), question_data(owner))

    assert answer.status_code == 302
    question = Question.objects.get()
    assert question.owner_organisation == owner
    assert "What would you do first?" in question.text
    assert [choice.is_right for choice in question.choices.all()] == [True, False, False]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rights": 0}, "Mark at least one answer as right"),
        ({"rights": 2}, "let people choose all that apply"),
        ({"text": rich("  ")}, "Write the question"),
        ({"choices-TOTAL_FORMS": 1}, "Please submit at least 2"),
    ],
)
def test_a_question_that_cannot_be_marked_is_refused(change: dict[str, Any], words: str) -> None:
    owner = OrganisationFactory()
    rights = change.get("rights", 1)

    data = question_data(owner, rights=rights) | {
        key: value for key, value in change.items() if key != "rights"
    }
    answer = educator(of=owner).post(reverse(QUESTIONS("add")), data)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Question.objects.count() == 0


def test_an_educator_cannot_write_for_another_organisation() -> None:
    client = educator(of=OrganisationFactory())

    for owner in [OrganisationFactory(), None]:
        answer = client.post(reverse(QUESTIONS("add")), question_data(owner))
        assert answer.status_code == 200
    assert Question.objects.count() == 0
    everywhere = educator()
    assert everywhere.post(reverse(QUESTIONS("add")), question_data(None)).status_code == 302


def test_walls_between_organisations_hold_in_every_view() -> None:
    mine, theirs = OrganisationFactory(), OrganisationFactory()
    client = educator(of=mine)
    for factory, names in [(QuestionFactory, QUESTIONS), (QuizFactory, QUIZZES)]:
        own, shared, foreign = (
            factory(owner_organisation=owner) if owner else factory()
            for owner in [mine, None, theirs]
        )

        def status(view: str, row: object, names=names) -> int:
            return client.get(reverse(names(view), args=[row.pk])).status_code

        listed = client.get(reverse(names("list"))).context["object_list"]
        assert {row.pk for row in listed} >= {own.pk, shared.pk}
        assert foreign.pk not in {row.pk for row in listed}
        for view in ["edit", "usage", "history"]:
            assert status(view, own) == 200, view
            assert status(view, shared) == 404, view
            assert status(view, foreign) == 404, view
        assert status("copy", own) == 200
        assert status("copy", shared) == 200
        assert status("copy", foreign) == 404
        assert client.post(reverse(names("edit"), args=[foreign.pk]), {}).status_code == 404
        assert client.post(reverse(names("delete"), args=[own.pk])).status_code == 302
        assert type(own).objects.filter(pk=own.pk).exists()


def test_choosers_offer_no_other_organisations_rows() -> None:
    mine, theirs = OrganisationFactory(), OrganisationFactory()
    client = educator(of=mine)
    for factory, model in [(QuestionFactory, "question"), (QuizFactory, "quiz")]:
        own, shared, foreign = (
            factory(owner_organisation=owner) if owner else factory()
            for owner in [mine, None, theirs]
        )
        chooser = f"wagtailsnippetchoosers_assessments_{model}:{{}}".format

        found = client.get(reverse(chooser("choose_results"))).context["results"].object_list
        assert {row.pk for row in found} >= {own.pk, shared.pk}
        assert foreign.pk not in {row.pk for row in found}
        modal = client.get(reverse(chooser("choose")))
        assert str(foreign) not in modal.content.decode()
        assert client.get(reverse(chooser("chosen"), args=[own.pk])).status_code == 200
        assert client.get(reverse(chooser("chosen"), args=[foreign.pk])).status_code == 404
        several = client.get(reverse(chooser("chosen_multiple")), {"id": [own.pk, foreign.pk]})
        assert str(foreign) not in several.content.decode()


def test_a_retired_question_is_not_offered() -> None:
    used, retired = QuestionFactory(), QuestionFactory(retired=True)

    answer = educator().get(reverse("wagtailsnippetchoosers_assessments_question:choose_results"))

    assert list(answer.context["results"].object_list) == [used]
    assert retired.is_retired


def test_bulk_delete_deletes_nothing() -> None:
    owner = OrganisationFactory()
    question = QuestionFactory(owner_organisation=owner)
    url = reverse("wagtail_bulk_action", args=["assessments", "question", "delete"])

    educator(of=owner).post(f"{url}?id={question.pk}")

    assert Question.objects.get() == question


@pytest.mark.parametrize("kind", [None, GrantKind.SUPERVISOR, GrantKind.WORKFORCE_LEAD])
def test_who_is_no_educator_writes_nothing(kind: str | None) -> None:
    question = QuestionFactory()
    person: User = PersonFactory()
    if kind:
        GrantFactory(person=person, kind=kind, organisation=OrganisationFactory())
    client = Client()
    client.force_login(person)

    for path in [reverse(QUESTIONS("list")), reverse(QUESTIONS("edit"), args=[question.pk])]:
        assert client.get(path).status_code in {302, 404}
        assert client.post(path, question_data(None)).status_code in {302, 404, 405}
    assert Question.objects.count() == 1


def test_an_educator_publishes_a_quiz_and_what_it_shows() -> None:
    owner, framework = OrganisationFactory(), FrameworkFactory(shared=True)
    competency = framework.competencies.order_by("pk").last()
    level = framework.levels.get(rank=2)
    questions = [QuestionFactory(owner_organisation=owner), QuestionFactory()]
    shown = [{"competency": competency.pk, "level": level.pk, "months_valid": 24}]

    answer = educator(of=owner).post(
        reverse(QUIZZES("add")), quiz_data(owner, questions, shown=shown)
    )

    assert answer.status_code == 302
    quiz = Quiz.objects.get()
    placed = quiz.questions.order_by("sort_order").values_list("question", flat=True)
    assert list(placed) == [one.pk for one in questions]
    mapping = ActivityMapping.objects.get(activity_iri=quiz.activity_iri, ends_at=None)
    assert (mapping.competency, mapping.level, mapping.months_valid) == (competency, level, 24)


def test_a_quiz_that_cannot_be_taken_is_refused() -> None:
    owner, shared, other = OrganisationFactory(), FrameworkFactory(shared=True), FrameworkFactory()
    mine, foreign = (
        QuestionFactory(owner_organisation=owner),
        QuestionFactory(owner_organisation=OrganisationFactory()),
    )
    client = educator(of=owner)
    wrong_level = [{"competency": shared.competencies.last().pk, "level": other.levels.first().pk}]

    for data, words in [
        (quiz_data(owner, []), "Add at least one question before you publish"),
        (quiz_data(owner, [mine, mine]), "A question is in the list twice"),
        (quiz_data(owner, [mine, foreign]), "Choose questions of your own organisation"),
        (quiz_data(owner, [mine], shown=wrong_level), "Choose a level of the framework"),
        (quiz_data(owner, [mine], pass_percent=0), "greater than or equal to 1"),
        (quiz_data(OrganisationFactory(), [mine]), "valid choice"),
    ]:
        answer = client.post(reverse(QUIZZES("add")), data)
        assert answer.status_code == 200
        assert words in answer.content.decode()
    assert Quiz.objects.count() == 0


def test_a_question_is_previewed_before_it_is_saved() -> None:
    owner = OrganisationFactory()
    question = QuestionFactory(owner_organisation=owner)
    client = educator(of=owner)
    url = reverse(QUESTIONS("preview_on_edit"), args=[question.pk])
    choices = [
        {"id": choice.pk, "text": f"Fresh words {choice.pk}", "feedback": "Why.", "is_right": "on"}
        for choice in question.choices.all()
    ]
    data = question_data(owner) | rows("choices", choices, initial=3) | {"kind": "multiple"}

    assert client.post(url, data).json()["is_valid"]
    page = client.get(url).content.decode()

    assert f"Fresh words {choices[0]['id']}" in page
    assert not Choice.objects.filter(text__startswith="Fresh").exists()
    foreign = QuestionFactory(owner_organisation=OrganisationFactory())
    url = reverse(QUESTIONS("preview_on_edit"), args=[foreign.pk])
    assert client.get(url).status_code in {302, 404}


def test_a_block_shows_a_quiz_and_the_way_back() -> None:
    quiz = QuizFactory(title="What matters: a look back")

    html = QuizChooserBlock().render(quiz, {"page": None})

    assert "What matters: a look back" in html
    assert f"/learn/quizzes/{quiz.uuid}/" in html


def test_lists_cost_the_same_whatever_their_length() -> None:
    owner = OrganisationFactory()
    client = educator(of=owner)
    QuizFactory(owner_organisation=owner)

    def cost(names) -> int:
        client.get(reverse(names("list")))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(names("list")))
        return len(captured)

    of_one = [cost(QUIZZES), cost(QUESTIONS)]
    QuizFactory(owner_organisation=owner)
    QuizFactory(owner_organisation=owner)

    assert [cost(QUIZZES), cost(QUESTIONS)] == of_one
