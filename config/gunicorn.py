"""The web server's settings; PORT and the rest come from the environment."""

import multiprocessing
import os

from django.conf import settings

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{settings.PORT}"
workers = int(os.environ.get("WEB_CONCURRENCY", min(multiprocessing.cpu_count(), 4)))
worker_class = "gthread"
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
