"""The endpoint by names that are nearly its own: `/xAPI/…`, and `/xapi` without its slash."""

from django.urls import re_path

from lrs.api.addresses import forgiving_view

urlpatterns = [re_path(r"^[xX][aA][pP][iI](?P<rest>/.*)?$", forgiving_view)]
