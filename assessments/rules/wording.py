"""What a question says: kept as plain content, fingerprinted, and read in a language."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nh3

ALLOWED_TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li"}


@dataclass(frozen=True)
class Words:
    """A text and the language it is in."""

    text: str
    language: str


@dataclass(frozen=True)
class Option:
    """An answer that may be chosen; ``uuid`` is who it is in every version and language."""

    uuid: str
    text: Words
    feedback: Words
    is_right: bool


@dataclass(frozen=True)
class Wording:
    """A question in one language; what is not translated is in the question's own."""

    kind: str
    text: Words
    options: tuple[Option, ...]

    @property
    def takes_several(self) -> bool:
        """Whether more than one answer may be chosen."""
        return self.kind == "multiple"

    @property
    def right(self) -> tuple[str, ...]:
        """The uuids of the right answers."""
        return tuple(option.uuid for option in self.options if option.is_right)

    @property
    def wrong(self) -> tuple[str, ...]:
        """The uuids of the other answers."""
        return tuple(option.uuid for option in self.options if not option.is_right)


def clean_html(text: str) -> str:
    """Return rich text with nothing in it but paragraphs, lists and emphasis."""
    return nh3.clean(text, tags=ALLOWED_TAGS, attributes={}).strip()


def content_of(
    *,
    question_uuid: str,
    kind: str,
    language: str,
    text: str,
    choices: Sequence[Mapping[str, Any]],
    translations: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> dict[str, Any]:
    """Return all that a question says, as plain content that can be kept.

    Args:
        question_uuid: who the question is.
        kind: a word of `QuestionKind`.
        language: the language it was written in.
        text: rich text; cleaned here.
        choices: in order, each with ``uuid``, ``text``, ``is_right`` and ``feedback``.
        translations: by language, then by the uuid of the question or choice, then by field.
    """
    return {
        "uuid": question_uuid,
        "kind": kind,
        "language": language,
        "text": clean_html(text),
        "choices": [
            {key: choice[key] for key in ("uuid", "text", "is_right", "feedback")}
            for choice in choices
        ],
        "translations": {
            code: {
                uuid: {
                    field: clean_html(words) if uuid == question_uuid else words
                    for field, words in fields.items()
                }
                for uuid, fields in texts.items()
            }
            for code, texts in translations.items()
        },
    }


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of content, the same whatever the order of its keys."""
    said = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def wording(
    *, content: Mapping[str, Any], language: str, choice_order: Sequence[str] = ()
) -> Wording:
    """Return a question in a language, its answers in the given order.

    Args:
        content: as `content_of` makes it.
        language: the reader's; what is not translated comes in the question's own.
        choice_order: choice uuids; answers it does not name come last, in their own order.
    """
    own = content["language"]
    texts = content["translations"].get(language, {}) if language != own else {}

    def say(uuid: str, field: str, original: str) -> Words:
        translated = texts.get(uuid, {}).get(field)
        return Words(translated, language) if translated else Words(original, own)

    places = {uuid: place for place, uuid in enumerate(choice_order)}
    choices = sorted(content["choices"], key=lambda choice: places.get(choice["uuid"], len(places)))
    return Wording(
        kind=content["kind"],
        text=say(content["uuid"], "text", content["text"]),
        options=tuple(
            Option(
                uuid=choice["uuid"],
                text=say(choice["uuid"], "text", choice["text"]),
                feedback=say(choice["uuid"], "feedback", choice["feedback"]),
                is_right=choice["is_right"],
            )
            for choice in choices
        ),
    )
