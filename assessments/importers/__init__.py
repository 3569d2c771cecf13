"""Reading questions and quizzes from files."""
