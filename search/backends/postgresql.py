"""Full text on PostgreSQL, with no extension and no dictionary of one language."""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from modelsearch.backends.database.postgres.postgres import (
    ObjectIndexer,
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)
from modelsearch.backends.database.postgres.query import Lexeme
from modelsearch.query import Phrase, PlainText

from search.backends.plain import PlainObject
from search.rules.words import words_asked_for, words_of


class _PlainWords:
    """Of a compiler: every word matches the beginning of a word."""

    def build_tsquery_content(self, query: Any, config: Any = None, invert: bool = False) -> Any:
        if isinstance(query, Phrase):
            query = Phrase(" ".join(words_of(query.query_string)))
        if not isinstance(query, PlainText):
            return super().build_tsquery_content(  # type: ignore[misc]
                query, config=config, invert=invert
            )
        words = [
            Lexeme(word, invert=invert, prefix=True) for word in words_asked_for(query.query_string)
        ]
        together = and_ if (query.operator == "and") is not invert else or_
        return SearchQuery(reduce(together, words), search_type="raw", config=config)


class _Compiler(_PlainWords, PostgresSearchQueryCompiler):
    pass


class _AutocompleteCompiler(_PlainWords, PostgresAutocompleteQueryCompiler):
    pass


class _Index(PostgresIndex):
    def add_items(self, model: Any, objs: Sequence[Any]) -> None:
        plain = [PlainObject(obj, ObjectIndexer(obj, self.backend)) for obj in objs]
        super().add_items(model, plain)


class PlainWordsPostgreSQL(PostgresSearchBackend):
    """Wagtail's search on PostgreSQL, by plain words."""

    query_compiler_class = _Compiler
    autocomplete_query_compiler_class = _AutocompleteCompiler
    index_class = _Index

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__({"SEARCH_CONFIG": "simple", **params})
