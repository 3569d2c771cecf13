"""What fields say in another language."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from cms.models import TranslatedText


@dataclass(frozen=True)
class Said:
    """What a field says to a reader: the text, and the language it is in.

    In a template, ``{{ said }}`` writes the text, marked with its own language when that is not
    the reader's; ``{{ said.value }}`` is the bare text, for attributes and titles. A template asks
    for ``str`` before it asks for ``__html__``, so ``str`` gives the marked text too.
    ``checked_by`` is who checked a translation, empty until somebody has; None for an original.
    """

    value: str
    language: str
    is_original: bool
    reader_language: str
    checked_by: str | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether it is shown in another language than the reader's."""
        return self.language != self.reader_language

    @property
    def is_unchecked(self) -> bool:
        """Whether it is a translation that no native reader has checked."""
        return not self.is_original and not self.checked_by

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return self.__html__()

    def __html__(self) -> SafeString:
        if not self.is_foreign or not self.value:
            return conditional_escape(self.value)
        return format_html(
            '<span lang="{}" dir="{}">{}</span>',
            self.language,
            text_direction(self.language),
            self.value,
        )


@dataclass(frozen=True)
class Texts:
    """Translations into one language, to be asked for by subject and field."""

    language: str
    rows: Mapping[tuple[uuid.UUID, str], tuple[str, str]]

    def say(
        self, subject_uuid: uuid.UUID, field: str, original: str, *, original_language: str = "en"
    ) -> Said:
        """Return what the field says in this language, or the original marked with its own."""
        found = self.rows.get((subject_uuid, field))
        if found is None or self.language == original_language:
            return Said(original, original_language, True, self.language)
        text, checked_by = found
        return Said(text, self.language, False, self.language, checked_by)


def texts_for(*, subject_uuids: Collection[uuid.UUID], language: str) -> Texts:
    """Return what is translated into ``language`` of these subjects. One query."""
    return Texts(
        language=language,
        rows={
            (subject, field): (text, checked_by)
            for subject, field, text, checked_by in TranslatedText.objects.filter(
                subject_uuid__in=subject_uuids, language=language
            ).values_list("subject_uuid", "field", "text", "checked_by")
        },
    )


def text_direction(language: str) -> str:
    """Return ``rtl`` or ``ltr``; ``auto`` for a language that Django does not know."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "auto"
