"""Guide pages from files."""
