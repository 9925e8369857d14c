"""``civdef import communities``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command("communities", Text("导入社区。", "Import communities."))
