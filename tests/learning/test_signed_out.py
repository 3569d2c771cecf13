"""A session that ends before something is sent: nothing is lost, and no address is bare."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning.models import Enrolment, LessonPage, StepAnswer
from organisations.models import User
from tests.factories.learning import CHECK_ID, REFLECTION_ID, lessons_of, make_course
from tests.factories.organisations import PersonFactory

pytestmark = pytest.mark.django_db


def step_address(lesson: LessonPage, block: str = REFLECTION_ID) -> str:
    return reverse("learning:answer-step", args=[lesson.translation_key, block])


def form_of(client: Client, lesson: LessonPage) -> dict[str, str]:
    page = client.get(lesson.url).content.decode()
    return {"writer": re.findall(r'name="writer" value="([^"]+)"', page)[0]}


@pytest.fixture
def lesson() -> LessonPage:
    return lessons_of(make_course(lessons=2))[0]


def written_after_the_session(lesson: LessonPage, person: User, **sent: object) -> Client:
    """A client whose session ended while the person wrote, and that has sent the form since."""
    client = Client()
    client.force_login(person)
    form = form_of(client, lesson)
    client.cookies.clear()
    address = step_address(lesson, CHECK_ID if "chosen" in sent else REFLECTION_ID)
    answer = client.post(address, form | sent)
    assert answer.url.startswith("/accounts/login/?next=/learn/lessons/")
    assert not StepAnswer.objects.exists()
    return client


@pytest.mark.parametrize(
    ("sent", "block", "kept"),
    [
        ({"text": "I will ask Bronwen."}, REFLECTION_ID, {"text": "I will ask Bronwen."}),
        ({"chosen": ["1"]}, CHECK_ID, {"chosen": [1]}),
    ],
)
def test_what_was_written_is_saved_after_signing_in(
    lesson: LessonPage, sent: dict[str, object], block: str, kept: dict[str, object]
) -> None:
    person = PersonFactory()
    client = written_after_the_session(lesson, person, **sent)
    assert "Sign in, and your answer is saved" in client.get("/accounts/login/").content.decode()

    client.force_login(person)
    answer = client.get(step_address(lesson, block))

    assert answer.url == f"{lesson.url}#step-{block}"
    assert StepAnswer.objects.get(person=person).answer == kept
    assert "Your answer is saved now" in client.get(lesson.url).content.decode()
    StepAnswer.objects.all().delete()
    client.get(step_address(lesson, block))
    assert not StepAnswer.objects.exists()  # once only


def test_nobody_else_gets_the_words(lesson: LessonPage) -> None:
    client = written_after_the_session(lesson, PersonFactory(), text="For me alone.")

    client.force_login(PersonFactory())
    client.get(step_address(lesson))

    assert not StepAnswer.objects.exists()
    assert "For me alone" not in client.get(lesson.url).content.decode()
    assert "For me alone" not in str(dict(client.session))


def test_the_words_are_kept_for_an_hour(lesson: LessonPage) -> None:
    person = PersonFactory()
    client = written_after_the_session(lesson, person, text="Too late.")
    session = client.session
    kept = session["learning_kept_answer"]
    session["learning_kept_answer"] = kept | {
        "until": (timezone.now() - timedelta(seconds=1)).timestamp()
    }
    session.save()
    assert session.get_expiry_age() <= 60 * 60

    client.force_login(person)
    client.get(step_address(lesson))

    assert not StepAnswer.objects.exists()


@pytest.mark.parametrize("writer", ["", "made-up", "IjEi:made:up"])
def test_only_a_form_of_ours_is_kept(lesson: LessonPage, writer: str) -> None:
    client = Client()

    client.post(step_address(lesson), {"text": "Something", "writer": writer})

    assert "learning_kept_answer" not in client.session
    assert "could not be saved" in client.get("/accounts/login/").content.decode()


def test_words_that_are_too_many_are_not_thrown_away(lesson: LessonPage) -> None:
    client = Client()
    client.force_login(PersonFactory())

    answer = client.post(step_address(lesson), {"text": "word " * 5001})

    assert answer.status_code == 422
    assert answer.content.decode().count("word word word") > 100


def test_every_address_that_takes_a_form_leads_to_its_page(lesson: LessonPage) -> None:
    course = lesson.get_parent().get_parent().specific
    client = Client()
    client.force_login(PersonFactory())
    pages = {
        step_address(lesson): lesson.url,
        reverse("learning:start-lesson", args=[lesson.translation_key]): lesson.url,
        reverse("learning:complete-lesson", args=[lesson.translation_key]): lesson.url,
        reverse("learning:enrol", args=[course.translation_key]): course.url,
        reverse("learning:leave", args=[course.translation_key]): course.url,
    }

    for address, page in pages.items():
        answer = client.get(address, follow=True)
        assert answer.status_code == 200
        assert answer.redirect_chain[-1][0].split("#")[0] == page, address
    assert not Enrolment.objects.exists()
    assert client.delete(step_address(lesson)).status_code == 405


def test_a_button_pressed_too_late_leads_back_to_its_page(lesson: LessonPage) -> None:
    client = Client()

    answer = client.post(reverse("learning:complete-lesson", args=[lesson.translation_key]))

    assert answer.url == f"/accounts/login/?next=/learn/lessons/{lesson.translation_key}/"
    assert "press the button once more" in client.get("/accounts/login/").content.decode()


def test_anything_else_gets_a_page_and_machines_do_not() -> None:
    client = Client()
    client.force_login(PersonFactory())

    page = client.post("/me/")
    machine = client.delete("/xapi/about")

    assert page.status_code == 405
    assert page["Allow"] == "GET, HEAD"
    assert "Nothing was changed" in page.content.decode()
    assert machine.status_code == 405
    assert b"Nothing was changed" not in machine.content
