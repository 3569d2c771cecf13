"""What this app adds to Wagtail and to the home page; registration only."""

from wagtail import hooks

from learning.home import courses_for_home

hooks.register("home_context", courses_for_home)
