"""The only door to the workspace: reads it, and writes it for init, import, record and --fix."""

from civdef.load.workspace import find_root, load_workspace, read_workspace

__all__ = ["find_root", "load_workspace", "read_workspace"]
