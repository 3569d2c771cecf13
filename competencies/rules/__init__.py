"""Plain rules about competencies: no database, no clock."""
