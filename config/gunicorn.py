"""The web server's settings; PORT and the rest come from the environment."""

import gc
import multiprocessing
import os

from django.conf import settings
from django.urls import get_resolver

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{settings.PORT}"
workers = int(os.environ.get("WEB_CONCURRENCY", min(multiprocessing.cpu_count(), 4)))
worker_class = "config.patience.PatientWorker"
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
keepalive = 75
timeout = 60
max_requests = 0
limit_request_line = 8190
forwarded_allow_ips = ",".join(settings.TRUSTED_PROXIES) or "127.0.0.1"
accesslog = None
errorlog = "-"
loglevel = "warning"


def when_ready(server: object) -> None:
    """Load the addresses before the workers fork, and spare all that from garbage collection.

    A full collection looks at every object that was ever loaded, 0.15 s here, and comes in the
    middle of the largest pages.
    """
    len(get_resolver().url_patterns)
    gc.collect()
    gc.freeze()
