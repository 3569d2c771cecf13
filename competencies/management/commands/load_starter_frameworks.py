"""Read the frameworks and roles that come with Careweave."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from competencies.services import StarterFileWrong, load_starter_framework
from competencies.services.starter import STARTER


class Command(BaseCommand):
    help = "Make the starter frameworks and roles say what their files say; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=STARTER)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_starter_framework(folder=options["folder"], at=timezone.now())
        except StarterFileWrong as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(asdict(done)))
