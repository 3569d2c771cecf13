"""Bringing in a staff list."""

from organisations.services.staff_lists.bring_in import (
    RefusedLine,
    StaffListResult,
    import_people,
)
from organisations.services.staff_lists.uploads import (
    UploadGone,
    bring_in_upload,
    check_upload,
    forget_uploads,
)

__all__ = [
    "RefusedLine",
    "StaffListResult",
    "UploadGone",
    "bring_in_upload",
    "check_upload",
    "forget_uploads",
    "import_people",
]
