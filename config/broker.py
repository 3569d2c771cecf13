"""The broker that needs no server: messages as files, each there whole or not at all."""

import logging
import os
import uuid
from queue import Empty
from time import monotonic
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Kombu's own, but for two things that stopped the worker when it was busy.

    Kombu opens a message under its final name and then writes it, so a reader can take an empty
    file; and a message that cannot be read ends the worker. Here a message gets its name when it
    is written, and one that cannot be read is left: whatever it was about, a sweep finds it.
    """

    def _put(self, queue: Any, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = self.data_folder_out
        unfinished = os.path.join(folder, f".{name}.part")
        with open(unfinished, "wb") as file:
            file.write(dumps(payload).encode())  # type: ignore[no-untyped-call]
        os.replace(unfinished, os.path.join(folder, name))

    def _get(self, queue: Any, timeout: Any = None) -> Any:
        try:
            return super()._get(queue)  # type: ignore[no-untyped-call]
        except ValueError as error:
            logger.exception("a message could not be read")
            raise Empty from error


class Transport(filesystem.Transport):
    """`filesystem://` as we use it."""

    Channel = Channel
