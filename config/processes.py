"""The web server and the worker side by side, until one stops or somebody stops them.

A process of its own without Django, since it does nothing but wait: `manage.py start` becomes it.
"""

import os
import sys
from pathlib import Path

from honcho.manager import Manager

STOPPED_BY_HAND = 130


def main(clock: str) -> int:
    """Run both; return the status of the first that stopped, 0 when somebody stopped them.

    Args:
        clock: the file in which the worker notes what is due.
    """
    here = Path(sys.executable).parent
    # threads that each keep what they once needed would hold memory that nobody uses
    environment = {"MALLOC_ARENA_MAX": "2", **os.environ, "PYTHONUNBUFFERED": "1"}
    manager = Manager()
    manager.add_process(
        "web", f"exec {here}/gunicorn config.wsgi --config python:config.gunicorn", env=environment
    )
    manager.add_process(
        "worker",
        # it gives way: who waits for a page comes before what can wait
        f"exec nice -n 10 {here}/celery -A config worker --pool threads --concurrency 2"
        " --loglevel warning --without-gossip --without-mingle --without-heartbeat",
        env={
            **environment,
            "CAREWEAVE_CLOCK_FILE": clock,
            # nothing but JSON is taken from the broker, whoever runs the worker
            "PYTHONWARNINGS": "ignore:You're running the worker",
        },
    )
    manager.loop()
    return 0 if manager.returncode == STOPPED_BY_HAND else int(manager.returncode or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
