"""Questions about quizzes, marks and judgements."""
