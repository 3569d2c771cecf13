"""Pages about record stores, for those who keep them; under /record-store/."""

from django.urls import path

from lrs.views import stores

app_name = "lrs"

urlpatterns = [
    path("", stores.stores, name="stores"),
    path("<str:store>/", stores.overview, name="store"),
]
