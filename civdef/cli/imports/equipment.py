"""``civdef import equipment``."""

from civdef.cli.imports._table import table_command
from civdef.text import Text

command = table_command("equipment", Text("导入器材物资台账。", "Import the list of equipment and supplies."))
