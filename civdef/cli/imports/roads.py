"""``civdef import roads``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command("roads", Text("导入道路。", "Import streets."))
