"""``civdef import buildings``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command("buildings", Text("导入房屋。", "Import buildings."))
