"""Writers of frameworks to files."""
