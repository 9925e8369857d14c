"""``civdef import units``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command("units", Text("导入企事业单位。", "Import enterprises and institutions."))
