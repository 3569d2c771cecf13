"""Write frameworks as CASE JSON, CSV or XLSX."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from competencies.exporters.case import CaseWriter, case_root
from competencies.exporters.tables import write_csv, write_xlsx
from competencies.queries import FrameworkContent, find_version, framework_content


class Command(BaseCommand):
    help = (
        "Write a framework (its published version, or the newest) or one version of it. Several "
        "may be written to one CSV or XLSX file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", nargs="+", help="of a framework or of one of its versions")
        parser.add_argument("--format", choices=["case", "csv", "xlsx"], default="case")
        parser.add_argument("-o", "--output", type=Path, help="a file; default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        contents = [_content(identifier) for identifier in options["uuid"]]
        written = _write(contents, options["format"])
        if options["output"] is None:
            if isinstance(written, bytes):
                raise CommandError("Name a file with -o: a spreadsheet is not text.")
            self.stdout.write(written, ending="" if written.endswith("\n") else "\n")
            return
        data = written if isinstance(written, bytes) else written.encode()
        try:
            options["output"].write_bytes(data)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}.") from error
        self.stdout.write(
            json.dumps(
                {
                    "file": str(options["output"]),
                    "bytes": len(data),
                    "frameworks": [
                        {
                            "id": str(one.version.uuid),
                            "title": one.version.title,
                            "items": len(one.items),
                            "associations": len(one.links),
                        }
                        for one in contents
                    ],
                },
                ensure_ascii=False,
            )
        )


def _content(identifier: str) -> FrameworkContent:
    version = find_version(identifier=identifier)
    if version is None:
        raise CommandError(
            f"There is no framework or version with the uuid {identifier}. "
            "The last line of import_framework names it as “id”."
        )
    return framework_content(version=version)


def _write(contents: list[FrameworkContent], kind: str) -> str | bytes:
    if kind == "csv":
        return write_csv(contents)
    if kind == "xlsx":
        return write_xlsx(contents)
    if len(contents) > 1:
        raise CommandError("A CASE file holds one framework: name one uuid.")
    return json.dumps(
        CaseWriter(contents[0], root=case_root()).package(), ensure_ascii=False, indent=2
    )
