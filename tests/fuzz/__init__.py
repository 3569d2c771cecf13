"""Random input for everything that reads what others send: refused in words, or right; no crash.

`make fuzz` runs a million inputs; `make test` a few seconds of the same.
"""
