"""For working on the code: `DJANGO_SETTINGS_MODULE=config.settings.dev`."""

import os

os.environ.setdefault("DEBUG", "true")

from config.settings.base import *  # noqa: F403 - DEBUG is read when base is loaded

STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
