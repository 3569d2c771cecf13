"""What people send us from quizzes and ratings."""
