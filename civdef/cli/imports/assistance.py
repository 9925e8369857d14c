"""``civdef import assistance``."""

from civdef.cli.imports._table import table_command
from civdef.text import Text

command = table_command(
    "assistance", Text("导入需协助人员名册。", "Import the register of people who need assistance.")
)
