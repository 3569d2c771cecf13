"""Keep an xAPI Profile to check statements against."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lrs.services.profiles import import_profile


class Command(BaseCommand):
    help = "Keep an xAPI Profile document (JSON-LD), in place of an earlier one of the same name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = options["file"].read_bytes()
            profile = import_profile(document=document, at=timezone.now())
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"{options['file']}: {error}") from error
        self.stdout.write(
            json.dumps({"profile": profile.iri, "version": profile.version, "name": profile.name})
        )
