"""One module per command; each exposes `command`. Top-level imports stay light: click and civdef.cli only."""
