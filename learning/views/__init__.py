"""Pages of learning that are not in the page tree, and what one can do in a course."""
