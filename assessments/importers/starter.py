"""Reading the quizzes that come with Careweave from their files."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.html import strip_tags
from markdown_it import MarkdownIt

from assessments.enums import QuestionKind
from assessments.rules.wording import clean_html

ORIGINAL = "en"
MARKDOWN = MarkdownIt("commonmark")


class StarterQuizWrong(ValueError):
    """A file cannot be read; the message names it and says what to mend."""


@dataclass(frozen=True)
class StarterChoice:
    """An answer as its file has it."""

    text: str
    feedback: str
    is_right: bool


@dataclass(frozen=True)
class StarterQuestion:
    """A question as its file has it, its text as HTML."""

    key: str
    kind: str
    text: str
    about: tuple[str, ...]
    marks: int
    choices: tuple[StarterChoice, ...]


@dataclass(frozen=True)
class StarterTranslation:
    """What a translation says: title and intro, and by question the text and its choices."""

    language: str
    checked_by: str
    title: str
    intro: str
    questions: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]]


@dataclass(frozen=True)
class StarterQuiz:
    """A quiz as its file has it, with its translations; ``shows`` is (competency, level)."""

    key: str
    language: str
    title: str
    intro: str
    pass_percent: int
    max_attempts: int | None
    shuffle: bool
    shows: tuple[tuple[str, str], ...]
    questions: tuple[StarterQuestion, ...]
    sha256: str
    translations: tuple[StarterTranslation, ...] = field(default=())


def read_quizzes(folder: Path) -> list[StarterQuiz]:
    """Return the quizzes of a folder: ``<key>.en.yaml`` with its translations beside it.

    Raises:
        StarterQuizWrong: a file cannot be read, or says something that cannot be.
    """
    return [_read(path) for path in sorted(folder.glob(f"*.{ORIGINAL}.yaml"))]


def _read(path: Path) -> StarterQuiz:
    said = _Said(path)
    key = said.text("key")
    if path.name != f"{key}.{ORIGINAL}.yaml":
        said.refuse(f"the key is “{key}”, so the file must be called {key}.{ORIGINAL}.yaml")
    questions = tuple(_question(said.inside(row, "question")) for row in said.rows("questions"))
    _refuse_twice(said, [question.key for question in questions])
    translations, sums = [], [said.sha256]
    for code, _name in settings.LANGUAGES:
        beside = path.with_name(f"{key}.{code}.yaml")
        if code != ORIGINAL and beside.is_file():
            translation = _Said(beside)
            translations.append(_translation(translation, questions))
            sums.append(translation.sha256)
    percent = said.number("pass_percent", default=70)
    if not 1 <= percent <= 100:
        said.refuse("pass_percent must be from 1 to 100")
    return StarterQuiz(
        key=key,
        language=said.text("language"),
        title=said.text("title"),
        intro=_html(said.text("intro", default="")),
        pass_percent=percent,
        max_attempts=said.number("max_attempts", default=0) or None,
        shuffle=bool(said.row.get("shuffle", True)),
        shows=tuple(
            (shown.text("competency"), shown.text("level"))
            for shown in (said.inside(row, "shows") for row in said.rows("shows", default=[]))
        ),
        questions=questions,
        sha256=hashlib.sha256("".join(sums).encode()).hexdigest(),
        translations=tuple(translations),
    )


def _question(said: "_Said") -> StarterQuestion:
    kind = said.text("kind", default=QuestionKind.SINGLE)
    if kind not in QuestionKind.values:
        said.refuse(f"kind must be single or multiple, and is “{kind}”")
    choices = tuple(
        StarterChoice(
            text=choice.line("text", at_most=400),
            feedback=choice.line("feedback", at_most=800),
            is_right=choice.row.get("right") is True,
        )
        for choice in (said.inside(row, "choice") for row in said.rows("choices"))
    )
    rights = sum(choice.is_right for choice in choices)
    if len(choices) < 2 or not rights:
        said.refuse("give at least two choices, and mark what is right with “right: true”")
    if rights > 1 and kind == QuestionKind.SINGLE:
        said.refuse("more than one choice is right, so it must be of “kind: multiple”")
    text = _html(said.text("text"))
    if not strip_tags(text).strip():
        said.refuse("write the question's text")
    return StarterQuestion(
        key=said.text("key"),
        kind=kind,
        text=text,
        about=tuple(str(code) for code in said.row.get("about") or ()),
        marks=max(1, said.number("marks", default=1)),
        choices=choices,
    )


def _translation(said: "_Said", questions: Collection[StarterQuestion]) -> StarterTranslation:
    known = {question.key: len(question.choices) for question in questions}
    words: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {}
    for key, row in dict(said.row.get("questions") or {}).items():
        if key not in known:
            said.refuse(f"there is no question “{key}” in the original")
        question = said.inside(row, key)
        choices = tuple(
            (choice.line("text", at_most=400), choice.line("feedback", at_most=800))
            for choice in (question.inside(one, "choice") for one in question.rows("choices"))
        )
        if len(choices) != known[key]:
            question.refuse(f"it has {len(choices)} choices, the original has {known[key]}")
        words[key] = (_html(question.text("text")), choices)
    return StarterTranslation(
        language=said.text("language"),
        checked_by=said.text("checked_by", default=""),
        title=said.text("title"),
        intro=_html(said.text("intro", default="")),
        questions=words,
    )


def _refuse_twice(said: "_Said", keys: list[str]) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        said.refuse(f"two questions have the key “{twice[0]}”; give each a key of its own")


def _html(markdown: str) -> str:
    return clean_html(MARKDOWN.render(markdown))


class _Said:
    """A mapping of a file, asked for what it must say."""

    def __init__(self, path: Path, row: Mapping[str, Any] | None = None, place: str = "") -> None:
        self.path, self.place = path, place
        if row is None:
            try:
                content = path.read_bytes()
                row = yaml.safe_load(content)
            except (yaml.YAMLError, UnicodeDecodeError) as error:
                raise StarterQuizWrong(f"{path.name}: this is not YAML. {error}") from error
            self.sha256 = hashlib.sha256(content).hexdigest()
        if not isinstance(row, Mapping):
            self.refuse("names with values were expected here")
        self.row: Mapping[str, Any] = row

    def inside(self, row: object, place: str) -> "_Said":
        key = row.get("key") if isinstance(row, Mapping) else None
        where = " ".join(part for part in (self.place, str(key or place)) if part)
        return _Said(self.path, row if isinstance(row, Mapping) else {}, where)

    def text(self, name: str, *, default: str | None = None) -> str:
        value = self.row.get(name, default)
        if value is None:
            self.refuse(f"“{name}” is missing")
        return str(value).strip()

    def line(self, name: str, *, at_most: int) -> str:
        """A text as one line of plain words."""
        value = " ".join(self.text(name).split())
        if len(value) > at_most:
            self.refuse(f"“{name}” has {len(value)} characters; keep it to {at_most}")
        return value

    def number(self, name: str, *, default: int) -> int:
        value = self.row.get(name, default)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(f"“{name}” must be a whole number")
        return int(value)

    def rows(self, name: str, *, default: list[Any] | None = None) -> list[Any]:
        value = self.row.get(name, default)
        if not isinstance(value, list):
            self.refuse(f"“{name}” must be a list")
        return list(value)

    def refuse(self, reason: str) -> None:
        where = f"{self.path.name}, {self.place}" if self.place else self.path.name
        raise StarterQuizWrong(f"{where}: {reason}.")
