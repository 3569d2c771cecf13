"""The record store's benchmark in parts: what is sent, who sends it, what serves, the raw limit."""
