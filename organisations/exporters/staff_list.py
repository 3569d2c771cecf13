"""The people list of an organisation, in the columns `import_people` reads."""

import csv
import io
from collections.abc import Iterable, Iterator

from organisations.enums import MembershipStatus
from organisations.models import Membership

COLUMNS = (
    "staff_number",
    "given_name",
    "family_name",
    "email",
    "job_title",
    "wte",
    "starts_on",
    "ends_on",
    "language",
    "state",
)
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def staff_list_csv(memberships: Iterable[Membership]) -> Iterator[str]:
    """Yield the list line by line as CSV (UTF-8 with a mark, as Excel wants it).

    Of who has not said yes, only what the inviter wrote. The address is the one they were invited
    at, which the organisation knows. A cell that a
    spreadsheet would take for a formula gets an apostrophe in front, which the import takes away.
    """
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    yield "\ufeff" + line.getvalue()
    for row in memberships:
        line.seek(0)
        line.truncate()
        cells = (
            row.staff_number,
            row.listed_given_name,
            row.listed_family_name,
            row.invited_email,
            row.job_title,
            str(row.wte),
            row.starts_on.isoformat(),
            row.ends_on.isoformat() if row.ends_on else "",
            row.person.language if row.status == MembershipStatus.ACTIVE else "",
            row.status,
        )
        writer.writerow([harmless(cell) for cell in cells])
        yield line.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell
