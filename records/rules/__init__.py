"""Plain rules about reading statements: no database, no clock."""
