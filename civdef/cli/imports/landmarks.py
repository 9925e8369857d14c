"""``civdef import landmarks``."""

from civdef.cli.imports._layer import layer_command
from civdef.text import Text

command = layer_command("landmarks", Text("导入湖、山、公园等地物。", "Import scenery: lakes, hills, parks."))
