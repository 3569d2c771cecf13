"""Full text on SQLite (FTS5)."""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from modelsearch.backends.database.sqlite.query import BM25, Lexeme, SearchQueryExpression
from modelsearch.backends.database.sqlite.sqlite import (
    ObjectIndexer,
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import Phrase, PlainText

from search.backends.plain import PlainObject
from search.rules.words import words_asked_for, words_of

COLUMN_WEIGHTS = "0.0, 1.0, 6.0"
"""Of autocomplete, body and title, in the order the table has them."""


class _TitleFirst(BM25):
    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> Any:
        return f"bm25({SQLiteFTSIndexEntry._meta.db_table}, {COLUMN_WEIGHTS})", []


class _PlainWords:
    """Of a compiler: every word matches the beginning of a word."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        if isinstance(query, Phrase):
            query = Phrase(" ".join(words_of(query.query_string)))
        if not isinstance(query, PlainText):
            return super().build_search_query_content(query, config=config)  # type: ignore[misc]
        words = [Lexeme(word, prefix=True) for word in words_asked_for(query.query_string)]
        together = and_ if query.operator == "and" else or_
        return SearchQueryExpression(reduce(together, words), config=config)


class _Compiler(_PlainWords, SQLiteSearchQueryCompiler):
    def _build_rank_expression(self, vectors: Any, config: Any) -> Any:
        return _TitleFirst()


class _AutocompleteCompiler(_PlainWords, SQLiteAutocompleteQueryCompiler):
    pass


class _Index(SQLiteIndex):
    def add_items(self, model: Any, objs: Sequence[Any]) -> None:
        plain = [PlainObject(obj, ObjectIndexer(obj, self.backend)) for obj in objs]
        super().add_items(model, plain)


class PlainWordsSQLite(SQLiteSearchBackend):
    """Wagtail's search on SQLite, by plain words."""

    query_compiler_class = _Compiler
    autocomplete_query_compiler_class = _AutocompleteCompiler
    index_class = _Index
