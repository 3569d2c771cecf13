"""Pages about record stores."""
