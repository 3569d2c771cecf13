"""The quizzes that come with Careweave: what their files must say, and loading them."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from assessments.importers.starter import StarterQuizWrong, read_quizzes
from assessments.models import Choice, Question, Quiz
from assessments.queries.quizzes import asked_questions
from assessments.services.starter import (
    STARTER,
    LoadedQuizzes,
    load_starter_quizzes,
    starter_quiz_uuid,
)
from cms.models import TranslatedText
from competencies.models import ActivityMapping
from competencies.services import load_starter_framework
from organisations.queries import access_of
from tests.factories.assessments import AT, started, tried
from tests.factories.competencies import FrameworkFactory
from tests.factories.organisations import PersonFactory

QUIZZES = read_quizzes(STARTER)
QUESTIONS = [(quiz, question) for quiz in QUIZZES for question in quiz.questions]
EXAMPLE = """
key: example
language: en
title: An example
intro: Two *questions*.
shows: [{competency: F1.1, level: essential}]
questions:
  - key: one
    about: [F1.1]
    text: What **first**?
    choices:
      - {text: This, feedback: Because., right: true}
      - {text: That, feedback: Rather not.}
  - key: two
    kind: multiple
    text: What then?
    choices:
      - {text: A, feedback: Yes., right: true}
      - {text: B, feedback: Yes., right: true}
      - {text: C, feedback: Rather not.}
"""
WELSH = """
language: cy
checked_by: ""
title: Enghraifft
questions:
  one:
    text: Beth gyntaf?
    choices:
      - {text: Hyn, feedback: Oherwydd.}
      - {text: Hynny, feedback: Gwell peidio.}
"""


def course_keys() -> set[str]:
    folder = settings.BASE_DIR / "learning" / "starter"
    return {path.parent.name for path in folder.glob("*/course.en.md")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "example.en.yaml").write_text(EXAMPLE, encoding="utf-8")
    return tmp_path


def rewrite(folder: Path, old: str, new: str, name: str = "example.en.yaml") -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_starter_course_has_its_quiz() -> None:
    assert {quiz.key for quiz in QUIZZES} == course_keys()
    assert all(8 <= len(quiz.questions) <= 10 for quiz in QUIZZES)


@pytest.mark.parametrize("quiz", QUIZZES, ids=lambda quiz: quiz.key)
def test_what_a_quiz_shows_is_asked_about(quiz) -> None:
    asked = {code for question in quiz.questions for code in question.about}

    assert {code for code, _level in quiz.shows} <= asked
    assert {level for _code, level in quiz.shows} == {"essential"}


@pytest.mark.parametrize(
    ("quiz", "question"), QUESTIONS, ids=lambda value: getattr(value, "key", "")
)
def test_a_question_cannot_be_passed_without_reading_it(quiz, question) -> None:
    lengths = [len(choice.text) for choice in question.choices]
    rights = [choice for choice in question.choices if choice.is_right]

    assert len(question.choices) == 4
    assert all(len(choice.feedback) >= 40 for choice in question.choices)
    assert len({choice.text for choice in question.choices}) == 4
    assert 0 < len(rights) < 4
    assert max(lengths) <= 200
    assert all("*" not in choice.text + choice.feedback for choice in question.choices)


def test_the_longest_answer_is_not_the_key_to_the_quiz() -> None:
    single = [question for _quiz, question in QUESTIONS if question.kind == "single"]

    longest = [
        question
        for question in single
        if max(question.choices, key=lambda choice: len(choice.text)).is_right
    ]

    assert len(single) > 25
    assert len(longest) / len(single) < 0.4


def test_the_place_of_the_right_answer_varies() -> None:
    places = [
        [choice.is_right for choice in question.choices].index(True)
        for _quiz, question in QUESTIONS
        if question.kind == "single"
    ]

    assert set(places) == {0, 1, 2, 3}


@pytest.mark.django_db
def test_the_real_files_go_in_once() -> None:
    load_starter_framework(at=AT)

    first = load_starter_quizzes(at=AT)
    stamp = list(Question.objects.order_by("pk").values())
    again = load_starter_quizzes(at=AT + timedelta(days=1))

    assert (first.quizzes, first.changed) == (4, 4)
    assert again == LoadedQuizzes(quizzes=4, questions=first.questions, texts=0, changed=0)
    assert list(Question.objects.order_by("pk").values()) == stamp
    assert Quiz.objects.filter(is_published=True).count() == 4
    assert ActivityMapping.objects.filter(ends_at=None).count() == sum(
        len(quiz.shows) for quiz in QUIZZES
    )
    for quiz in Quiz.objects.all():
        assert tried(person=PersonFactory(), quiz=quiz).is_passed


@pytest.fixture
def framework(db):
    return FrameworkFactory(shared=True)


def test_a_translation_is_what_its_reader_sees(folder: Path, framework) -> None:
    (folder / "example.cy.yaml").write_text(WELSH, encoding="utf-8")

    loaded = load_starter_quizzes(folder=folder, at=AT)

    person = PersonFactory()
    quiz = Quiz.objects.get(uuid=starter_quiz_uuid("example"))
    assert loaded.texts == 6
    attempt = started(person=person, quiz=quiz)
    asked = asked_questions(viewer=access_of(person, on=AT.date()), attempt=attempt, language="cy")
    texts = {one.wording.text.text: one.wording.text.language for one in asked}
    assert texts == {"<p>Beth gyntaf?</p>": "cy", "<p>What then?</p>": "en"}
    (folder / "example.cy.yaml").unlink()
    load_starter_quizzes(folder=folder, at=AT)
    assert not TranslatedText.objects.exists()


def test_one_course_has_its_quiz_in_every_language() -> None:
    [quiz] = [one for one in QUIZZES if one.translations]

    assert quiz.key == "one-team"
    assert {one.language for one in quiz.translations} == {"cy", "ar"}
    for translation in quiz.translations:
        assert translation.questions.keys() == {question.key for question in quiz.questions}


def test_what_an_educator_mended_stays_until_the_file_changes(folder: Path, framework) -> None:
    load_starter_quizzes(folder=folder, at=AT)
    choice = Choice.objects.get(text="This")
    Choice.objects.filter(pk=choice.pk).update(text="This, mended here")

    assert load_starter_quizzes(folder=folder, at=AT).changed == 0
    assert Choice.objects.get(pk=choice.pk).text == "This, mended here"

    rewrite(folder, "text: This", "text: This one")
    assert load_starter_quizzes(folder=folder, at=AT).changed == 1
    assert Choice.objects.get(pk=choice.pk).text == "This one"


def test_a_question_taken_out_is_retired_and_its_answers_stay(folder: Path, framework) -> None:
    load_starter_quizzes(folder=folder, at=AT)
    quiz = Quiz.objects.get()
    attempt = tried(person=PersonFactory(), quiz=quiz)
    data = yaml.safe_load((folder / "example.en.yaml").read_text(encoding="utf-8"))
    data["questions"] = data["questions"][:1]
    data["questions"][0]["choices"].append({"text": "New", "feedback": "Rather not."})
    (folder / "example.en.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")

    load_starter_quizzes(folder=folder, at=AT)

    assert list(Question.objects.order_by("pk").values_list("is_retired", flat=True)) == [
        False,
        True,
    ]
    assert Choice.objects.filter(question__is_retired=False).count() == 3
    assert attempt.answers.count() == 2
    assert started(person=PersonFactory(), quiz=Quiz.objects.get()).answers.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("key: example", "key: other", "must be called other.en.yaml"),
        ("title: An example", "", "“title” is missing"),
        ("kind: multiple", "kind: several", "kind must be single or multiple"),
        ("kind: multiple", "", "must be of “kind: multiple”"),
        ("Because., right: true", "Because.", "mark what is right"),
        ("key: two", "key: one", "two questions have the key “one”"),
        ("feedback: Rather not.", "", "example.en.yaml, one choice: “feedback” is missing"),
        ("questions:", "questions: none\nrest:", "“questions” must be a list"),
        ("competency: F1.1", "competency: F99.1", "no competency F99.1"),
        ("level: essential", "level: magic", "no level “magic”"),
        ("title: An example", "title: [unclosed", "this is not YAML"),
        ("title: An example", "title: T\npass_percent: 0", "pass_percent must be from 1 to 100"),
        ("text: What **first**?", "text: '<script>x</script>'", "write the question's text"),
        ("text: This", f"text: {'x' * 401}", "keep it to 400"),
    ],
)
def test_a_wrong_file_says_where_and_stores_nothing(
    folder: Path, framework, old: str, new: str, words: str
) -> None:
    rewrite(folder, old, new)

    with pytest.raises(StarterQuizWrong) as refused:
        load_starter_quizzes(folder=folder, at=AT)

    assert words in str(refused.value)
    assert (Quiz.objects.count(), Question.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  one:", "  three:", "there is no question “three”"),
        ("      - {text: Hynny, feedback: Gwell peidio.}\n", "", "has 1 choices, the original"),
    ],
)
def test_a_translation_that_does_not_fit_is_refused(
    folder: Path, framework, old: str, new: str, words: str
) -> None:
    (folder / "example.cy.yaml").write_text(WELSH, encoding="utf-8")
    rewrite(folder, old, new, name="example.cy.yaml")

    with pytest.raises(StarterQuizWrong) as refused:
        load_starter_quizzes(folder=folder, at=AT)
    assert words in str(refused.value)
