"""One file per rule, ``<code>_<fault>.py``: `RULE` says what it is, `check` yields what is wrong. Found by discovery."""
