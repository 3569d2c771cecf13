"""What the filters of a page or a file ask for: words settled, or what they could mean."""

from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from lrs.forms.filters import StatementFilterForm, end_of, start_of
from lrs.models import Credential
from lrs.queries import Filters, authority_of, identifier_of, key_of_identifier
from lrs.queries.seen import Choice, activities_like, actor_named, actors_like, verbs_seen
from lrs.rules.formats import is_iri
from lrs.rules.identity import account_identifier
from lrs.rules.paging import Position, read_token
from lrs.rules.wording import plain
from lrs.views.looking import my_languages
from lrs.views.stores import Store
from lrs.views.verbs import verb_words

_KINDS: Final = ("mbox::", "account::", "mbox_sha1sum::", "openid::")
NAMES: Final = ("who", "verb", "activity", "outcome", "since", "until", "registration", "key")
"""The filters, as they stand in an address."""


@dataclass
class Asked:
    """What the filters of a request ask for, and what is still to be chosen."""

    form: StatementFilterForm
    filters: Filters = field(default_factory=Filters)
    success: bool | None = None
    choices: list[tuple[str, list[Choice]]] = field(default_factory=list)
    """Where a word could mean several: the field's name, and what it could mean."""
    unknown: list[str] = field(default_factory=list)
    """Fields whose word was found nowhere in the store."""
    actor: Choice | None = None

    @property
    def is_settled(self) -> bool:
        """Whether there is a list to show."""
        return self.form.is_valid() and not self.choices and not self.unknown


def asked_of(request: HttpRequest, store: Store) -> Asked:
    """Return what the address asks for; the form in it says what is wrong."""
    verbs = [
        (seen.iri, f"{verb_words(seen.iri, seen.words).text} ({seen.statements:,})")
        for seen in verbs_seen(tenant=store.tenant, languages=my_languages())
    ]
    keys = list(
        Credential.objects.filter(tenant=store.tenant, parent__isnull=True).order_by("pk")[:200]
    )
    names = [(str(one.uuid), one.label or one.key) for one in keys]
    asked = Asked(StatementFilterForm(request.GET, verbs=verbs, keys=names))
    if not asked.form.is_valid():
        return asked
    said = asked.form.cleaned_data
    key = next((one for one in keys if str(one.uuid) == said["key"]), None)
    authority = identifier_of(authority_of(key)) if key else None
    asked.filters = Filters(
        verb=said["verb"] or None,
        registration=said["registration"] or None,
        since=start_of(said["since"]) if said["since"] else None,
        until=end_of(said["until"]) if said["until"] else None,
        authority_key=key_of_identifier(authority) if authority else None,
    )
    asked.success = {"yes": True, "no": False}.get(said["outcome"])
    _settle_who(asked, store, said["who"].strip())
    _settle_activity(asked, store, said["activity"].strip())
    return asked


def _settle_who(asked: Asked, store: Store, text: str) -> None:
    if not text:
        return
    identifier = _identifier_in(text)
    if identifier is None:
        found = actors_like(tenant=store.tenant, text=text)
        if len(found) != 1:
            asked.choices += [("who", found)] if found else []
            asked.unknown += [] if found else ["who"]
            return
        identifier = found[0].value
    asked.actor = actor_named(tenant=store.tenant, identifier=identifier)
    asked.filters = replace(asked.filters, agent=identifier)


def _identifier_in(text: str) -> str | None:
    """Return the identifier that someone typed; None if it is some other word."""
    if text.startswith(_KINDS):
        return text
    local, at, domain = text.removeprefix("mailto:").rpartition("@")
    if at and local and "." in domain and " " not in text:
        return f"mbox::mailto:{local}@{domain.lower()}"
    home_page, bar, name = text.partition("|")
    if bar and is_iri(home_page):
        return account_identifier(home_page=home_page, name=name)
    return None


def _settle_activity(asked: Asked, store: Store, text: str) -> None:
    if not text:
        return
    iri: str | None = text if is_iri(text) else None
    if iri is None:
        found = activities_like(tenant=store.tenant, text=text, languages=my_languages())
        if len(found) != 1:
            asked.choices += [("activity", found)] if found else []
            asked.unknown += [] if found else ["activity"]
            return
        iri = found[0].value
    asked.filters = replace(asked.filters, activity=iri, related_activities=True)


def choices_of(request: HttpRequest, asked: Asked) -> list[dict[str, Any]]:
    """Return what each unsettled word could mean, with the address that settles it."""
    titles = {"who": _("Who do you mean?"), "activity": _("Which one do you mean?")}
    return [
        {
            "title": titles[name],
            "links": [
                {"choice": one, "href": address_of(request, **{name: one.value})} for one in found
            ],
        }
        for name, found in asked.choices
    ]


def said_in(request: HttpRequest, asked: Asked) -> list[tuple[str, str]]:
    """Return the filters that are set, in words: what each is called and what it asks for."""
    said = []
    for name in NAMES:
        value, field_ = request.GET.get(name), asked.form.fields[name]
        if value:
            words = dict(getattr(field_, "choices", ())).get(value, value)
            if name == "who" and asked.actor is not None:
                words = asked.actor.name
            said.append((str(field_.label), plain(words, 300)))
    return said


def address_of(request: HttpRequest, **changed: str | None) -> str:
    """Return the address of this page with the same filters but for what is changed."""
    kept: dict[str, str | None] = {
        name: request.GET[name] for name in NAMES if request.GET.get(name)
    }
    kept.update(changed)
    query = {name: value for name, value in kept.items() if value}
    return f"{request.path}?{urlencode(query, errors='surrogatepass')}"


def position_of(request: HttpRequest) -> Position | None:
    """Return after which statement the page begins, None for the newest; 404 if it is no place."""
    token = request.GET.get("after")
    if not token:
        return None
    try:
        return read_token(token)[1]
    except ValueError as error:
        raise Http404 from error
