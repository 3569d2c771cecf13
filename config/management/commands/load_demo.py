"""Load, or remove, the made-up partnership."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo.accounts import has_demo, may_load_demo
from config.demo.loading import load_demo, remove_demo
from config.starter import load_starter


class Command(BaseCommand):
    help = "Load a made-up partnership with a year of learning; --remove takes it away again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take the demo away")
        parser.add_argument(
            "--yes",
            action="store_true",
            help="load it though the database is not empty or not this machine's own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()

        def tell(line: str) -> None:
            self.stderr.write(f"        {line}")

        if options["remove"]:
            self.stdout.write(json.dumps(remove_demo(at=now)))
            return
        if not has_demo() and not options["yes"] and not may_load_demo():
            raise CommandError(
                "The demo's passwords are known to everybody. This database is not empty, or "
                "DATABASE_URL names it: say --yes if you are sure."
            )
        load_starter(at=now, progress=tell)
        self.stdout.write(json.dumps(load_demo(now=now, progress=tell)))
