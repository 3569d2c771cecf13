"""What can be learned towards a competency, told by the apps that hold the learning."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from competencies.queries.standing import open_mappings
from organisations.models import User


@dataclass(frozen=True)
class LearningLink:
    """A page where something can be learned; ``level`` is the name of what finishing it shows."""

    title: str
    url: str
    kind: str = ""
    level: str = ""
    language: str = ""


Resolver = Callable[[User | None, Collection[str], str], dict[str, LearningLink]]
"""Given the viewer, activity IRIs and a language: the pages behind them that they may see."""

_resolvers: list[Resolver] = []


def register_learning(resolver: Resolver) -> None:
    """Let an app above say which pages are behind activities; called once, when apps are ready."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)


def learning_for(
    *, viewer: User | None, competency_ids: Collection[int], language: str
) -> list[tuple[LearningLink, int]]:
    """Return the pages that lead to these competencies, each with the level's rank, lowest first.

    One query, and what the registered apps need.
    """
    mappings = open_mappings(competency_ids=competency_ids)
    iris = {mapping.activity_iri for mapping in mappings}
    pages: dict[str, LearningLink] = {}
    for resolver in _resolvers:
        pages |= resolver(viewer, iris, language)
    found: dict[str, tuple[LearningLink, int]] = {}
    for mapping in mappings:
        page = pages.get(mapping.activity_iri)
        if page is not None:
            found.setdefault(page.url, (page, mapping.level.rank))
    return sorted(found.values(), key=lambda pair: (pair[1], pair[0].title))
