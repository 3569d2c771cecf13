"""Count what each record store holds."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lrs.models import StoreSize
from lrs.services import count_stores


class Command(BaseCommand):
    help = "Count exactly what each record store holds now, and keep the answer for the pages."

    def handle(self, *args: Any, **options: Any) -> None:
        def tell(size: StoreSize) -> None:
            self.stderr.write(
                f"{size.tenant}: {size.statements:,} statements, {size.documents:,} documents, "
                f"{size.attachments:,} attachments, {size.total_bytes:,} bytes"
            )

        sizes = count_stores(at=timezone.now(), progress=tell)
        self.stdout.write(
            json.dumps(
                {
                    "stores": [
                        {
                            "store": str(size.tenant.organisation or "platform"),
                            "statements": size.statements,
                            "documents": size.documents,
                            "attachments": size.attachments,
                            "bytes": size.total_bytes,
                            "oldest": size.oldest and size.oldest.isoformat(),
                            "newest": size.newest and size.newest.isoformat(),
                        }
                        for size in sizes
                    ],
                    "statements": sum(size.statements for size in sizes),
                    "bytes": sum(size.total_bytes for size in sizes),
                }
            )
        )
