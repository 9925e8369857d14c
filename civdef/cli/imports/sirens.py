"""``civdef import sirens``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command("sirens", Text("导入警报点。", "Import sirens."))
