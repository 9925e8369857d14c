"""``civdef import entrances``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command("entrances", Text("导入避难场所入口。", "Import entrances of shelters."))
