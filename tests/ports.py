"""A port for a server that a test starts."""

import random
import socket
from typing import Final

_CHOICE: Final = range(15_000, 32_000)
"""Below those that systems give to whoever connects: a test beside this one takes none of them."""


def free_port() -> int:
    """Return a port on which nobody listens."""
    choose = random.SystemRandom()
    while True:
        port = choose.choice(_CHOICE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
