"""Pages of quizzes, of one's own view, and of supervision."""
