"""What a team can do together, worked out from values: no Django, no clock, no database."""
