"""``civdef import shelters``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command("shelters", Text("导入避难场所。", "Import shelters."))
