"""Courses from files."""
