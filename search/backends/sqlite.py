"""Full text on SQLite (FTS5)."""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from modelsearch.backends.database.sqlite.query import (
    Lexeme,
    MatchExpression,
    SearchQueryExpression,
)
from modelsearch.backends.database.sqlite.sqlite import (
    IndexEntry,
    ObjectIndexer,
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import Phrase, PlainText
from modelsearch.utils import get_descendants_content_types_pks

from search.backends.plain import PlainObject
from search.rules.words import words_asked_for, words_of

COLUMN_WEIGHTS = "0.0, 1.0, 6.0"
"""Of autocomplete, body and title, in the order the table has them."""


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
    def search(
        self, config: Any, start: int | None, stop: int | None, score_field: str | None = None
    ) -> Any:
        """Join the matches to the rows, best first; every indexed model of ours has a number as key.

        Wagtail's own asks the full-text table again for the score of every row it found, which
        takes the square of the time. The plus signs keep SQLite from beginning at the other end.
        """
        if not isinstance(self.query, PlainText):
            return super().search(config, start, stop, score_field)
        return self._joined(config, score_field or "_score")[start:stop]

    def _joined(self, config: Any, score_field: str) -> Any:
        entries, matches = IndexEntry._meta.db_table, SQLiteFTSIndexEntry._meta.db_table
        match = MatchExpression(
            self.fields or self.FTS_TABLE_FIELDS, self.build_search_query(self.query, config)
        )
        compiler = SQLiteFTSIndexEntry.objects.all().query.get_compiler(DEFAULT_DB_ALIAS)
        match_sql, match_params = match.as_sql(compiler, compiler.connection)
        kinds = get_descendants_content_types_pks(self.queryset.model)
        table = self.queryset.model._meta.db_table
        key = self.queryset.model._meta.pk.column
        return self.queryset.extra(  # noqa: S610 - names of our own tables; words are parameters
            select={score_field: f"{matches}.rank"},
            tables=[matches, entries],
            where=[
                match_sql,
                f"{matches}.rank MATCH 'bm25({COLUMN_WEIGHTS})'",
                f"{entries}.id = +{matches}.rowid",
                f"+{entries}.content_type_id IN ({', '.join(str(kind) for kind in kinds)})",
                f'"{table}"."{key}" = CAST({entries}.object_id AS INTEGER)',
            ],
            params=match_params,
            order_by=[score_field, f"-{table}.{key}"],
        )


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
