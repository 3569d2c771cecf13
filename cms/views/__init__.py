"""Pages of the shell that are not in the page tree."""

from cms.views.errors import bad_request
from cms.views.styleguide import styleguide

__all__ = ["bad_request", "styleguide"]
