"""A record store that is wrong on purpose, to show that the crash test finds it out.

It says that statements are stored before it stores them, and stores a batch one by one.
"""

import io
import json
import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from config.wsgi import application as careful

LATE_SECONDS = 0.02
_todo: queue.SimpleQueue[tuple[dict[str, Any], Any]] = queue.SimpleQueue()
_started = threading.Event()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Acknowledge statements at once and store them later; answer all else as it should be."""
    is_new = environ["REQUEST_METHOD"] in ("POST", "PUT")
    if not is_new or not environ["PATH_INFO"].startswith("/xapi/statements"):
        return careful(environ, start_response)
    if not _started.is_set():
        _started.set()
        threading.Thread(target=_store_later, daemon=True).start()
    sent = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    statements = sent if isinstance(sent, list) else [sent]
    for statement in statements:
        _todo.put((dict(environ), statement))
    body = json.dumps([statement["id"] for statement in statements]).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def _store_later() -> None:
    while True:
        environ, statement = _todo.get()
        time.sleep(LATE_SECONDS)
        body = json.dumps(statement).encode()
        environ |= {
            "REQUEST_METHOD": "POST",
            "QUERY_STRING": "",
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
        }
        list(careful(environ, lambda *_: None))
