"""Plain rules about marks and questions: no database, no clock."""
