"""Build the stylesheet and the typefaces that pages fetch."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cms.assets import build_assets


class Command(BaseCommand):
    help = "Build the stylesheet and cut the typefaces into static-build/."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(build_assets(folder=Path(settings.ASSETS_DIR))))
