from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    label = "careweave_search"
    verbose_name = _("Search")

    def ready(self) -> None:
        import search.receivers  # noqa: F401 - connects receivers
