"""Verbs that many systems send, said in the reader's language.

A statement's own display is often in English only, and then runs mixed in an Arabic or Welsh
sentence. The verbs are those of ADL, cmi5, the video profile, the TinCan registry and the Total
Learning Architecture that have a learner as their subject.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import get_language, pgettext_lazy

from lrs.rules.wording import Words, last_part

_ADL: Final = "http://adlnet.gov/expapi/verbs/"
_ADL_W3ID: Final = "https://w3id.org/xapi/adl/verbs/"
_VIDEO: Final = "https://w3id.org/xapi/video/verbs/"
_TINCAN: Final = "http://id.tincanapi.com/verb/"
_TLA: Final = "https://w3id.org/xapi/tla/verbs/"

_ATTENDED: Final = pgettext_lazy("somebody [verb] something", "took part in")
_EXPERIENCED: Final = pgettext_lazy("somebody [verb] something", "experienced")
_MASTERED: Final = pgettext_lazy("somebody [verb] something", "mastered")
_REGISTERED: Final = pgettext_lazy("somebody [verb] something", "enrolled on")
_RESUMED: Final = pgettext_lazy("somebody [verb] something", "went on with")
_SCORED: Final = pgettext_lazy("somebody [verb] something", "got a score in")
_SUSPENDED: Final = pgettext_lazy("somebody [verb] something", "broke off")

VERBS: Final[Mapping[str, Any]] = {
    f"{_ADL}answered": pgettext_lazy("somebody [verb] something", "answered"),
    f"{_ADL}asked": pgettext_lazy("somebody [verb] something", "asked"),
    f"{_ADL}attempted": pgettext_lazy("somebody [verb] something", "attempted"),
    f"{_ADL}attended": _ATTENDED,
    f"{_ADL}commented": pgettext_lazy("somebody [verb] something", "commented on"),
    f"{_ADL}completed": pgettext_lazy("somebody [verb] something", "completed"),
    f"{_ADL}exited": pgettext_lazy("somebody [verb] something", "left"),
    f"{_ADL}experienced": _EXPERIENCED,
    f"{_ADL}failed": pgettext_lazy("somebody [verb] something", "did not pass"),
    f"{_ADL}imported": pgettext_lazy("somebody [verb] something", "imported"),
    f"{_ADL}initialized": pgettext_lazy("somebody [verb] something", "started"),
    f"{_ADL}interacted": pgettext_lazy("somebody [verb] something", "interacted with"),
    f"{_ADL}launched": pgettext_lazy("somebody [verb] something", "opened"),
    f"{_ADL}mastered": _MASTERED,
    f"{_ADL}passed": pgettext_lazy("somebody [verb] something", "passed"),
    f"{_ADL}preferred": pgettext_lazy("somebody [verb] something", "preferred"),
    f"{_ADL}progressed": pgettext_lazy("somebody [verb] something", "got further with"),
    f"{_ADL}registered": _REGISTERED,
    f"{_ADL}responded": pgettext_lazy("somebody [verb] something", "replied to"),
    f"{_ADL}resumed": _RESUMED,
    f"{_ADL}scored": _SCORED,
    f"{_ADL}shared": pgettext_lazy("somebody [verb] something", "shared"),
    f"{_ADL}suspended": _SUSPENDED,
    f"{_ADL}terminated": pgettext_lazy("somebody [verb] something", "closed"),
    f"{_ADL}voided": pgettext_lazy("somebody [verb] something", "withdrew"),
    f"{_ADL_W3ID}abandoned": pgettext_lazy("somebody [verb] something", "abandoned"),
    f"{_ADL_W3ID}logged-in": pgettext_lazy("somebody [verb] something", "signed in to"),
    f"{_ADL_W3ID}logged-out": pgettext_lazy("somebody [verb] something", "signed out of"),
    f"{_ADL_W3ID}satisfied": pgettext_lazy("somebody [verb] something", "met what is asked by"),
    f"{_ADL_W3ID}waived": pgettext_lazy("somebody [verb] something", "was excused from"),
    f"{_VIDEO}paused": pgettext_lazy("somebody [verb] something", "paused"),
    f"{_VIDEO}played": pgettext_lazy("somebody [verb] something", "played"),
    f"{_VIDEO}seeked": pgettext_lazy("somebody [verb] something", "jumped to another place in"),
    f"{_TINCAN}downloaded": pgettext_lazy("somebody [verb] something", "downloaded"),
    f"{_TINCAN}viewed": pgettext_lazy("somebody [verb] something", "viewed"),
    f"{_TLA}attended": _ATTENDED,
    f"{_TLA}experienced": _EXPERIENCED,
    f"{_TLA}explored": pgettext_lazy("somebody [verb] something", "explored"),
    f"{_TLA}mastered": _MASTERED,
    f"{_TLA}registered": _REGISTERED,
    f"{_TLA}resumed": _RESUMED,
    f"{_TLA}scored": _SCORED,
    f"{_TLA}suspended": _SUSPENDED,
}
"""What somebody did, as it stands between who did it and with what."""


def verb_words(iri: str, said: Words) -> Words:
    """Return a verb for the reader.

    What the statement says itself stays when it is in the reader's language and says more than
    the verb's address does, and where the verb is none of the known ones.

    Args:
        iri: the verb's.
        said: its own display, or the end of its address, as `lrs.rules.wording` chose it.
    """
    known = VERBS.get(iri)
    if known is None:
        return said
    reader = (get_language() or "en").partition("-")[0]
    is_for_reader = said.language.lower().partition("-")[0] == reader
    if is_for_reader and said.text.casefold() != last_part(iri).casefold():
        return said
    return Words(str(known))
