"""Addresses of the shell that are not pages in the tree."""

from django.urls import path

from cms import views

app_name = "cms"

urlpatterns = [path("styleguide/", views.styleguide, name="styleguide")]
