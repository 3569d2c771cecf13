"""Rules of finding, in plain Python."""
