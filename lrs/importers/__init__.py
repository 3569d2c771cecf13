"""Reading statements from files."""
