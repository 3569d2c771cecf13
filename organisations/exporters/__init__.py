"""People lists as files."""

from organisations.exporters.staff_list import staff_list_csv

__all__ = ["staff_list_csv"]
