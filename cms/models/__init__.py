"""Models of the site's shell."""

from cms.models.base import BasePage, BodyText, OwnedContent
from cms.models.media import LicensedImage, LicensedRendition
from cms.models.pages import GuidePage, HomePage
from cms.models.texts import TranslatedText, words_in_every_language

__all__ = [
    "BasePage",
    "BodyText",
    "GuidePage",
    "HomePage",
    "LicensedImage",
    "LicensedRendition",
    "OwnedContent",
    "TranslatedText",
    "words_in_every_language",
]
