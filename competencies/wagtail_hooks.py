"""What this app adds to the home page; registration only."""

from wagtail import hooks

from competencies.home import weave_for_home

hooks.register("home_context", weave_for_home)
