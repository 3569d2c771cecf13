"""Rules of talking together, in plain Python."""
