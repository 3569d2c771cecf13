"""Items and levels as a reader sees them: in their language, marked where it is another."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from cms.queries import Said, Texts
from competencies.enums import CompetencyKind
from competencies.models import CompetencyVersion, Level

SHORT = 120


@dataclass(frozen=True)
class LevelSaid:
    """A level in the reader's language; ``of`` is how many the scale has."""

    pk: int
    key: str
    rank: int
    of: int
    name: Said
    descriptor: Said


@dataclass(frozen=True)
class ItemSaid:
    """An item of a framework in the reader's language, with what stands under it."""

    pk: int
    competency_id: int
    uuid: UUID
    address: str
    kind: str
    code: str
    title: Said
    statement: Said
    notes: Said
    parent_id: int | None
    roles: int = 0
    children: tuple["ItemSaid", ...] = ()

    @property
    def name(self) -> Said:
        """What to call it: its title, or its statement cut to a line."""
        if self.title:
            return self.title
        said = self.statement
        if len(said.value) <= SHORT:
            return said
        return replace(said, value=said.value[:SHORT].rsplit(" ", 1)[0] + " …")

    @property
    def is_function(self) -> bool:
        return self.kind == CompetencyKind.FUNCTION

    @property
    def is_competency(self) -> bool:
        return self.kind == CompetencyKind.COMPETENCY

    @property
    def below(self) -> int:
        """How many competencies stand under it, at any depth."""
        return sum(child.is_competency + child.below for child in self.children)

    @property
    def says_more(self) -> bool:
        """Whether the statement says more than the name does."""
        return self.statement.value != self.name.value


def item_address(item: CompetencyVersion) -> str:
    """Return the last part of an item's address: its code where that can be one, else its uuid."""
    plain = re.fullmatch(r"[A-Za-z0-9][\w.-]*", item.code or "", flags=re.ASCII)
    return item.code if plain else str(item.competency.uuid)


def levels_said(levels: Sequence[Level], texts: Texts, original_language: str) -> list[LevelSaid]:
    """Return the levels in the reader's language."""
    return [
        LevelSaid(
            pk=level.pk,
            key=level.key,
            rank=level.rank,
            of=len(levels),
            name=texts.say(level.uuid, "name", level.name, original_language=original_language),
            descriptor=texts.say(
                level.uuid, "descriptor", level.descriptor, original_language=original_language
            ),
        )
        for level in levels
    ]


def items_said(
    items: Sequence[CompetencyVersion],
    texts: Texts,
    original_language: str,
    roles: Mapping[int, int],
) -> list[ItemSaid]:
    """Return the items in the reader's language; ``roles`` counts the roles that need each."""
    codes = Counter(item.code for item in items)

    def say(item: CompetencyVersion, name: str) -> Said:
        return texts.say(
            item.competency.uuid, name, getattr(item, name), original_language=original_language
        )

    return [
        ItemSaid(
            pk=item.pk,
            competency_id=item.competency_id,
            uuid=item.competency.uuid,
            address=item_address(item) if codes[item.code] == 1 else str(item.competency.uuid),
            kind=item.kind,
            code=item.code,
            title=say(item, "title"),
            statement=say(item, "statement"),
            notes=say(item, "notes"),
            parent_id=item.parent_id,
            roles=roles.get(item.competency_id, 0),
        )
        for item in items
    ]


def tree_of(said: Sequence[ItemSaid], *, top: int | None = None) -> tuple[ItemSaid, ...]:
    """Return the items at the top, each with those under it, in reading order."""
    under: dict[int | None, list[ItemSaid]] = defaultdict(list)
    for item in reversed(said):
        children = tuple(reversed(under.pop(item.pk, [])))
        under[item.parent_id].append(replace(item, children=children) if children else item)
    return tuple(reversed(under[top]))
