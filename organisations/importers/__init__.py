"""Staff lists from files."""

from organisations.importers.staff_list import StaffList, read_staff_list, reason
from organisations.importers.tables import MAX_FILE_BYTES, FileRefused, FileTooLarge

__all__ = [
    "MAX_FILE_BYTES",
    "FileRefused",
    "FileTooLarge",
    "StaffList",
    "read_staff_list",
    "reason",
]
