"""Read statements into people's records, and keep the two in step."""

from records.services.catching_up import (
    CURSOR,
    catch_up,
    project_activity_again,
    read_again,
)
from records.services.identity import (
    IdentityTaken,
    NotTheirsToProve,
    ask_organisations_to_erase,
    end_identity_link,
    link_identity,
    link_known_addresses,
    link_verified_address,
)
from records.services.projection import CHUNK, Known, Projected, project_statements
from records.services.rebuilding import Rebuilt, rebuild_record, rebuild_records

__all__ = [
    "CHUNK",
    "CURSOR",
    "IdentityTaken",
    "Known",
    "NotTheirsToProve",
    "Projected",
    "Rebuilt",
    "ask_organisations_to_erase",
    "catch_up",
    "end_identity_link",
    "link_identity",
    "link_known_addresses",
    "link_verified_address",
    "project_activity_again",
    "project_statements",
    "read_again",
    "rebuild_record",
    "rebuild_records",
]
