"""Plain rules about getting through a course: no database, no clock."""
