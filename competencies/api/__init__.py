"""What other systems may read: frameworks by CASE."""
