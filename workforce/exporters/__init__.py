"""Team profiles as files."""
