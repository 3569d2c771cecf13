"""Plain rules about content files: no database, no clock."""
