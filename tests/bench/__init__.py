"""Benchmarks: `make bench`, or `make bench BENCH=workforce` for one. JSON on the last line."""
