"""Pages of a quiz: what they show, and to whom."""

import pytest
from django.test import Client

from assessments.models import Attempt
from cms.models import TranslatedText
from organisations.enums import Visibility
from organisations.models import User
from tests.factories.assessments import QuizFactory, answers_of, started, tried
from tests.factories.organisations import MembershipFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(quiz, rest: str = "") -> str:
    return f"/learn/quizzes/{quiz.uuid}/{rest}"


def test_a_whole_quiz_without_javascript() -> None:
    quiz, person = QuizFactory(), PersonFactory()
    client = signed_in(person)

    assert "Start" in client.get(url(quiz)).content.decode()
    answer = client.post(url(quiz, "start"))
    assert answer["Location"] == url(quiz, "questions/1/")
    attempt = Attempt.objects.get()
    right = answers_of(attempt, right=True)
    answer = client.post(url(quiz, "questions/1/"), {"chosen": right[1]})
    assert answer["Location"] == url(quiz, "questions/2/")
    answer = client.post(url(quiz, "questions/2/"), {"chosen": right[2]})
    assert answer["Location"] == url(quiz, "check/")
    assert "Hand in my answers" in client.get(url(quiz, "check/")).content.decode()
    answer = client.post(url(quiz, "check/"))
    assert answer["Location"] == url(quiz, "results/1/")

    page = client.get(url(quiz, "results/1/")).content.decode()
    assert "Passed with 100%" in page
    assert "Try again" not in page
    assert client.post(url(quiz, "check/"))["Location"] == url(quiz, "results/1/")


def test_another_device_goes_on_where_this_one_stopped() -> None:
    quiz, person = QuizFactory(questions=3), PersonFactory()
    here, there = signed_in(person), signed_in(person)
    here.post(url(quiz, "start"))
    right = answers_of(Attempt.objects.get(), right=True)
    here.post(url(quiz, "questions/1/"), {"chosen": right[1]})

    assert "Carry on where you left off" in there.get(url(quiz)).content.decode()
    assert there.post(url(quiz, "start"))["Location"] == url(quiz, "questions/2/")
    assert "checked" in there.get(url(quiz, "questions/1/")).content.decode()


def test_nothing_chosen_says_what_to_do() -> None:
    quiz, person = QuizFactory(), PersonFactory()
    client = signed_in(person)
    client.post(url(quiz, "start"))

    for chosen in [{}, {"chosen": "made-up"}]:
        answer = client.post(url(quiz, "questions/1/"), chosen)

        assert answer.status_code == 422
        page = answer.content.decode()
        assert "There is a problem" in page
        assert 'href="#answer-1"' in page


def test_handing_in_too_early_links_to_each_open_question() -> None:
    quiz, person = QuizFactory(), PersonFactory()
    client = signed_in(person)
    client.post(url(quiz, "start"))

    answer = client.post(url(quiz, "check/"))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'href="{url(quiz, "questions/1/")}?check"' in page
    assert f'href="{url(quiz, "questions/2/")}?check"' in page
    assert Attempt.objects.get().submitted_at is None


def test_a_changed_answer_comes_back_to_the_check() -> None:
    quiz, person = QuizFactory(), PersonFactory()
    client = signed_in(person)
    client.post(url(quiz, "start"))
    right = answers_of(Attempt.objects.get(), right=True)

    answer = client.post(url(quiz, "questions/1/") + "?check", {"chosen": right[1]})

    assert answer["Location"] == url(quiz, "check/")


def test_feedback_is_for_what_was_chosen_until_it_is_over() -> None:
    quiz, person = QuizFactory(max_attempts=2, questions=1), PersonFactory()
    first, last = (tried(person=person, quiz=quiz, right=False) for _ in range(2))
    client = signed_in(person)
    Attempt.objects.filter(pk=last.pk).delete()
    right, wrong, _ = first.answers.get().version.content["choices"]

    with_one_left = client.get(url(quiz, "results/1/")).content.decode()
    tried(person=person, quiz=quiz, right=False)
    with_none_left = client.get(url(quiz, "results/1/")).content.decode()

    assert wrong["feedback"] in with_one_left
    assert right["feedback"] not in with_one_left
    assert "Try again" in with_one_left
    assert right["feedback"] in with_none_left
    assert "Try again" not in with_none_left


def test_attempts_used_up_says_so() -> None:
    quiz, person = QuizFactory(max_attempts=1), PersonFactory()
    tried(person=person, quiz=quiz, right=False)
    client = signed_in(person)

    assert "used all your attempts" in client.get(url(quiz)).content.decode()
    answer = client.post(url(quiz, "start"), follow=True)
    assert "used all your attempts" in answer.content.decode()
    assert Attempt.objects.count() == 1


def test_anonymous_visitors_are_asked_to_sign_in() -> None:
    quiz = QuizFactory()

    answer = Client().get(url(quiz))

    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={url(quiz)}"


@pytest.mark.parametrize(
    ("visibility", "member", "status"),
    [
        (Visibility.PUBLIC, False, 200),
        (Visibility.SIGNED_IN, False, 200),
        (Visibility.ORGANISATIONS, False, 404),
        (Visibility.ORGANISATIONS, True, 200),
    ],
)
def test_a_quiz_of_an_organisation_is_for_its_people(
    visibility: str, member: bool, status: int
) -> None:
    owner, person = OrganisationFactory(), PersonFactory()
    quiz = QuizFactory(owner_organisation=owner, visibility=visibility)
    MembershipFactory(person=person, organisation=owner if member else OrganisationFactory())
    client = signed_in(person)

    assert client.get(url(quiz)).status_code == status
    answer = client.post(url(quiz, "start"))
    assert answer.status_code == (302 if status == 200 else 404)
    assert Attempt.objects.exists() == (status == 200)


def test_a_named_organisation_may_take_a_quiz_too() -> None:
    named = OrganisationFactory()
    quiz = QuizFactory(
        owner_organisation=OrganisationFactory(), visibility=Visibility.ORGANISATIONS
    )
    quiz.visible_to = [named]
    quiz.save()

    assert signed_in(MembershipFactory(organisation=named).person).get(url(quiz)).status_code == 200
    assert signed_in(MembershipFactory().person).get(url(quiz)).status_code == 404


def test_an_unpublished_quiz_has_no_page_but_a_result_stays() -> None:
    quiz, person = QuizFactory(), PersonFactory()
    tried(person=person, quiz=quiz, right=False)
    quiz.is_published = False
    quiz.save()

    assert signed_in(PersonFactory()).get(url(quiz)).status_code == 404
    page = signed_in(person).get(url(quiz, "results/1/")).content.decode()
    assert "Not there yet: 0%" in page
    assert "Try again" not in page


def test_nobody_sees_another_persons_attempt() -> None:
    quiz, person, other = QuizFactory(), PersonFactory(), PersonFactory()
    tried(person=person, quiz=quiz)
    started(person=person, quiz=quiz)

    client = signed_in(other)

    assert client.get(url(quiz, "results/1/")).status_code == 404
    assert client.get(url(quiz, "questions/1/"))["Location"] == url(quiz)
    assert client.get(url(quiz, "check/"))["Location"] == url(quiz)
    assert signed_in(person).get(url(quiz, "results/1/")).status_code == 200


def test_words_are_in_the_readers_language_and_marked_where_not() -> None:
    quiz, person = QuizFactory(questions=1), PersonFactory()
    question = quiz.questions.get().question
    TranslatedText.objects.create(
        subject_uuid=question.uuid, field="text", language="ar", text="<p>ماذا تفعل أولا؟</p>"
    )
    client = signed_in(person)
    client.post("/ar" + url(quiz, "start"))

    page = client.get("/ar" + url(quiz, "questions/1/")).content.decode()

    assert "ماذا تفعل أولا؟" in page
    choice = question.choices.first()
    assert f'lang="en" dir="ltr">{choice.text}</label>' in page


def test_an_unchecked_translation_says_so() -> None:
    quiz, client = QuizFactory(), signed_in(PersonFactory())
    row = TranslatedText.objects.create(
        subject_uuid=quiz.uuid, field="title", language="cy", text="Edrych yn ôl"
    )

    assert "cw-translation-note" not in client.get(url(quiz)).content.decode()
    assert "cw-translation-note" in client.get("/cy" + url(quiz)).content.decode()
    row.checked_by = "Ffion Testwell"
    row.save()
    assert "cw-translation-note" not in client.get("/cy" + url(quiz)).content.decode()


def test_the_way_back_is_a_page_of_ours() -> None:
    quiz, client = QuizFactory(), signed_in(PersonFactory())

    for back in ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"]:
        client.get(url(quiz), {"back": back})
        assert "elsewhere" not in client.get(url(quiz)).content.decode()
    client.get(url(quiz), {"back": "/learn/somewhere/"})
    assert 'href="/learn/somewhere/"' in client.get(url(quiz)).content.decode()


def test_get_starts_nothing_and_bad_addresses_are_404() -> None:
    quiz, client = QuizFactory(), signed_in(PersonFactory())

    assert client.get(url(quiz, "start")).url == url(quiz)
    assert not Attempt.objects.exists()
    client.post(url(quiz, "start"))
    assert client.get(url(quiz, "questions/9/")).status_code == 404
    assert client.get(url(quiz, "results/9/")).status_code == 404
    assert client.get("/learn/quizzes/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_markup_in_a_question_is_cleaned() -> None:
    quiz, client = QuizFactory(questions=1), signed_in(PersonFactory())
    question = quiz.questions.get().question
    question.text = "<p onclick='x()'>Hello <script>alert(1)</script><strong>you</strong></p>"
    question.save()
    client.post(url(quiz, "start"))

    page = client.get(url(quiz, "questions/1/")).content.decode()

    assert "<p>Hello <strong>you</strong></p>" in page
    assert "alert(1)" not in page


@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_whatever_the_size(size: int, django_assert_num_queries) -> None:
    quiz, person = QuizFactory(questions=size), PersonFactory()
    for _ in range(size):
        tried(person=person, quiz=quiz)
    attempt = started(person=person, quiz=quiz)
    client = signed_in(person)
    client.get(url(quiz))

    with django_assert_num_queries(12):
        client.get(url(quiz))
    with django_assert_num_queries(9):
        client.get(url(quiz, "questions/1/"))
    with django_assert_num_queries(9):
        client.get(url(quiz, "check/"))
    attempt.delete()
    with django_assert_num_queries(14):
        client.get(url(quiz, "results/1/"))
