"""Pages about frameworks and roles."""
