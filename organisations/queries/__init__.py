"""Questions about people, places and leave to look."""

from organisations.queries.access import access_of, belonging_of
from organisations.queries.consent import members_named_to, sources_open_to
from organisations.queries.installation import iri_base

__all__ = ["access_of", "belonging_of", "iri_base", "members_named_to", "sources_open_to"]
