"""What can be done with the site and its pages."""

from cms.rules.starter_files import (
    Block,
    StarterFile,
    UnreadableStarterFile,
    read_starter_file,
)
from cms.services.guides import load_guides
from cms.services.site import (
    block_id,
    picture,
    prepare_site,
    stream_data,
    synchronise_trees,
)

__all__ = [
    "Block",
    "StarterFile",
    "UnreadableStarterFile",
    "block_id",
    "load_guides",
    "picture",
    "prepare_site",
    "read_starter_file",
    "stream_data",
    "synchronise_trees",
]
