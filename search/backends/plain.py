"""What both databases share: an object as the plain words it is indexed by."""

from collections.abc import Iterator
from typing import Any

from modelsearch.index import AutocompleteField, SearchField

from search.rules.words import words_of


class _PlainSearchField(SearchField):
    def __init__(self, field: SearchField, text: str) -> None:
        super().__init__(field.field_name, boost=field.boost)
        self.text = text

    def get_value(self, obj: Any) -> str:
        return self.text


class _PlainAutocompleteField(AutocompleteField):
    def __init__(self, field: AutocompleteField, text: str) -> None:
        super().__init__(field.field_name)
        self.text = text

    def get_value(self, obj: Any) -> str:
        return self.text


class PlainObject:
    """Stands for an object while it is indexed: the same fields, each with its plain words."""

    def __init__(self, obj: Any, indexer: Any) -> None:
        self.pk = obj.pk
        self._fields = list(_plain_fields(obj, indexer))

    def get_search_fields(self) -> list[SearchField | AutocompleteField]:
        return self._fields


def _plain_fields(obj: Any, indexer: Any) -> Iterator[SearchField | AutocompleteField]:
    for field in obj.get_search_fields():
        for found, *_weight, value in indexer.prepare_field(obj, field):
            text = " ".join(words_of(value))
            if isinstance(found, AutocompleteField):
                yield _PlainAutocompleteField(found, text)
            else:
                yield _PlainSearchField(found, text)
