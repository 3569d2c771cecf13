"""A cache that all processes of one machine share, with no server."""

import fcntl
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache

SETS_BETWEEN_TIDYING = 100
LOCK = ".lock"


class SharedFolderCache(FileBasedCache):
    """Django's cache of files, where adding is one step for every process.

    allauth counts tries to sign in here and takes turns by `add`; a count of each process's own
    would let as many more tries through as there are processes. What has lapsed is cleared now
    and then rather than at every write, for which each time the whole folder would be listed.
    """

    if TYPE_CHECKING:  # what the stubs leave out
        _dir: str

        def _createdir(self) -> None: ...
        def _list_cache_files(self) -> list[str]: ...
        def _is_expired(self, f: BinaryIO) -> bool: ...

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: Any = None
    ) -> bool:
        """Store what is not there yet; of several who try at once, one is told yes."""
        with self._turn():
            return bool(super().add(key, value, timeout, version))

    def _cull(self) -> None:
        if random.randrange(SETS_BETWEEN_TIDYING):  # noqa: S311 - when to tidy is no secret
            return
        for name in self._list_cache_files():
            try:
                with Path(name).open("rb") as file:
                    self._is_expired(file)
            except FileNotFoundError:
                continue
        super()._cull()  # type: ignore[misc]  # not in the stubs

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self._createdir()
        with (Path(self._dir) / LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
