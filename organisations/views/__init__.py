"""Pages about people: what I share, who looked, where I work, and the lists of those I keep."""
