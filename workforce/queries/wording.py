"""Functions, competencies and levels in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from cms.queries import Said, Texts, texts_for
from competencies.models import CompetencyVersion, Level, Role
from competencies.queries import item_address

Functions = Sequence[tuple[CompetencyVersion, Sequence[CompetencyVersion]]]


@dataclass(frozen=True)
class Column:
    """A core function, or one of its competencies, as a column is headed.

    ``framework`` and ``address`` are where it stands in the shared framework.
    """

    id: int
    code: str
    title: Said
    statement: Said
    framework: str = ""
    address: str = ""


@dataclass(frozen=True)
class LevelWord:
    """A level of the shared framework."""

    rank: int
    word: Said


@dataclass(frozen=True)
class Wording:
    """What functions, levels and roles are called."""

    texts: Texts
    levels: Sequence[Level]

    def column(self, item: CompetencyVersion) -> Column:
        """Return the head of an item's column."""
        subject, language = item.competency.uuid, item.version.language
        return Column(
            id=item.competency_id,
            code=item.code,
            title=self.texts.say(subject, "title", item.short_title, original_language=language),
            statement=self.texts.say(
                subject, "statement", item.statement, original_language=language
            ),
            framework=item.version.framework.slug,
            address=item_address(item),
        )

    def role(self, role: Role) -> Said:
        """Return a role's title."""
        return self.texts.say(role.uuid, "title", role.title)

    def level_words(self) -> tuple[LevelWord, ...]:
        """Return the levels, lowest first."""
        return tuple(
            LevelWord(level.rank, self.texts.say(level.uuid, "name", level.name))
            for level in self.levels
        )


def wording_of(
    *, functions: Functions, levels: Sequence[Level], roles: Sequence[Role] = (), language: str
) -> Wording:
    """Return what these are called in a language. One query."""
    items = [item for function, parts in functions for item in (function, *parts)]
    return Wording(
        texts=texts_for(
            subject_uuids=[
                *(item.competency.uuid for item in items),
                *(level.uuid for level in levels),
                *(role.uuid for role in roles),
            ],
            language=language,
        ),
        levels=levels,
    )
