"""``civdef import compounds``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command("compounds", Text("导入小区（院落）。", "Import compounds."))
