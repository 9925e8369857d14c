"""``civdef import gates``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command("gates", Text("导入小区出入口。", "Import gates of compounds."))
