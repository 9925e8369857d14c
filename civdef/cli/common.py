"""What every command shares: the options ``--json --lang --quiet -C``, bilingual help, and the :class:`App`."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from civdef import registry
from civdef.cli.usage import ExtraArgumentsError, Location
from civdef.text import Lang, Text

if TYPE_CHECKING:
    from civdef.model.workspace import Workspace
    from civdef.result import Result

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound="_Bilingual")


class App:
    """The state of one run, handed to every command.

    Attributes
    ----------
    lang
        Language of everything printed.
    json
        Whether stdout carries one JSON document and nothing else.
    quiet
        Whether progress and remarks are left out.
    folder
        Where to look for the workspace.
    """

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self.json = False
        self.quiet = False
        self.colour: bool | None = False if os.environ.get("NO_COLOR") else None
        self.folder = Path()

    def root(self) -> Path:
        """Return the workspace's folder. Raises ``UsageError`` if there is none at or above the folder asked for."""
        from civdef.load import find_root

        return find_root(self.folder)

    def workspace(self) -> Workspace:
        """Read and validate the workspace. Raises ``UsageError`` or ``WorkspaceError``."""
        from civdef.load import load_workspace

        root = self.root()
        with self.progress(Text("读取工作区", "Reading the workspace")):
            return load_workspace(root)

    def say(self, message: Text | str = "") -> None:
        """Print a line for people: on stdout, or on stderr when stdout carries JSON."""
        line = message.in_(self.lang) if isinstance(message, Text) else message
        click.echo(line, err=self.json, color=self.colour)

    def remark(self, message: Text | str) -> None:
        """Print a side remark on stderr, unless quiet."""
        if not self.quiet:
            click.echo(
                message.in_(self.lang) if isinstance(message, Text) else message, err=True, color=self.colour
            )

    def emit(self, result: Result) -> None:
        """Print a result as JSON on stdout if ``--json`` was given."""
        if self.json:
            click.echo(result.to_json(), nl=False)

    def table(
        self, columns: Sequence[Text | str], rows: Sequence[Sequence[object]], *, title: Text | None = None
    ) -> None:
        """Print a table; numbers are right-aligned. Nothing is printed when stdout carries JSON."""
        if self.json:
            return
        from civdef.cli.tables import print_table

        print_table(self.lang, columns, rows, title=title, colour=self.colour)

    @contextmanager
    def progress(self, label: Text, total: float | None = None) -> Iterator[Callable[[float], None]]:
        """Show progress on stderr where it is a terminal; yields a function that sets the amount done."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda _done: None
            return
        from civdef.cli.tables import progress_bar

        with progress_bar(label.in_(self.lang), total, colour=self.colour) as update:
            yield update

    def finish(self, code: int = 0) -> NoReturn:
        """Leave with an exit code."""
        sys.stdout.flush()
        raise click.exceptions.Exit(code)


def app() -> App:
    """Return the state of the run."""
    found = click.get_current_context().find_object(App)
    assert found is not None
    return found


ENDLESS = 2**31 - 1
"""A largest number from here on is no limit that matters to anybody."""


class Option(click.Option):
    """An option whose help is a :class:`Text`."""

    def __init__(self, *args: Any, help: Text | None = None, **kwargs: Any) -> None:  # noqa: A002 - click's own name
        kwargs["help"] = help.en if help else None
        if isinstance(kwargs.get("type"), click.IntRange | click.FloatRange):
            kwargs.setdefault("metavar", "N")
        super().__init__(*args, **kwargs)
        self.text = help

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the help line in the language of the run."""
        if self.text is not None:
            self.help = self.text.in_(_lang(ctx))
        return super().get_help_record(ctx)

    def get_help_extra(self, ctx: click.Context) -> click.types.OptionHelpExtra:
        """Return what stands in brackets after the help: which numbers are allowed, in words."""
        extra = super().get_help_extra(ctx)
        if "range" in extra and isinstance(self.type, click.IntRange | click.FloatRange):
            extra["range"] = _span(self.type.min, self.type.max).in_(_lang(ctx))
        return extra


def _span(low: float | None, high: float | None) -> Text:
    """Say from where to where; the largest number that fits is no limit that matters to anybody."""
    if high is None or high >= ENDLESS:
        return Text(f"不小于 {low}", f"at least {low}")
    if low is None:
        return Text(f"不大于 {high}", f"at most {high}")
    return Text(f"{low} 至 {high}", f"{low} to {high}")


class _Bilingual(click.Command):
    """Help in the language of the run."""

    text: Text | None = None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments. Raises ``ExtraArgumentsError`` for those that nothing takes."""
        strict, ctx.allow_extra_args = not ctx.allow_extra_args, True
        try:
            extra = super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            error.ctx = error.ctx or ctx
            raise
        if strict:
            ctx.allow_extra_args = False
            if extra and not ctx.resilient_parsing:
                raise ExtraArgumentsError(extra, ctx)
        return extra

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help; headings are translated too."""
        zh = _lang(ctx) == "zh"
        pieces = " ".join(self.collect_usage_pieces(ctx))
        if zh:
            pieces = pieces.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]...")
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：" if zh else "Usage: ")
        if self.text is not None:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(self.text.in_("zh" if zh else "en"))
        self.format_options(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        options = [p for p in self.get_params(ctx) if not isinstance(p, click.Argument)]
        records = [r for p in options if (r := p.get_help_record(ctx)) is not None]
        if records:
            _section(formatter, "选项：" if _lang(ctx) == "zh" else "Options:", records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with its own help translated."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本帮助。" if _lang(ctx) == "zh" else "Show this message and exit."
        return option

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help in the language of the run."""
        if self.text is None:
            return super().get_short_help_str(limit)
        line = self.text.in_(_lang(click.get_current_context(silent=True)))
        for stop in ("。", ". "):
            line = line.split(stop, 1)[0]
        return line.rstrip(".")


def _section(formatter: click.HelpFormatter, heading: str, rows: list[tuple[str, str]]) -> None:
    """Write a list under a heading; click's own sections always end the heading with an ASCII colon."""
    formatter.write_paragraph()
    formatter.write(f"{heading}\n")
    with formatter.indentation():
        formatter.write_dl(rows)


class Command(_Bilingual):
    """A command."""


class Group(_Bilingual, click.Group):
    """A group of commands."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write options and commands."""
        super().format_options(ctx, formatter)
        rows = []
        for name in self.list_commands(ctx):
            found = self.get_command(ctx, name)
            if found is not None and not found.hidden:
                rows.append((name, found.get_short_help_str(90)))
        if rows:
            _section(formatter, "命令：" if _lang(ctx) == "zh" else "Commands:", rows)


class DiscoveredGroup(Group):
    """Commands are the modules of a package, imported when needed: one file added is one command added.

    A module holds its command as ``command``; ``import_`` is called ``import`` and ``re_open`` ``re-open``. A module
    whose name begins with an underscore is no command.
    """

    package = ""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, sorted."""
        return [_called(n) for n in registry.names(self.package)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; None if there is none of that name."""
        for module in registry.names(self.package):
            if _called(module) == cmd_name:
                command: click.Command = importlib.import_module(f"{self.package}.{module}").command
                command.name = cmd_name
                return command
        return None


def _called(module: str) -> str:
    """Return the name of the command in a module."""
    return module.rstrip("_").replace("_", "-")


def in_all(count: int, most: int, unit: str) -> Text:
    """Say how many there are, and how many of them are listed where that is not all; `unit` is the Chinese measure word."""
    if count <= most:
        return Text(f"共 {count} {unit}", f"{count} in all")
    return Text(f"共 {count} {unit}，列出前 {most} {unit}", f"{count} in all, the first {most}")


def shared_options(function: F) -> F:
    """Add ``-C --json --lang --quiet`` to a command; their values go to the :class:`App`."""
    for option in (
        click.option(
            "--quiet", "-q", cls=Option, is_flag=True, expose_value=False, callback=_set_quiet,
            help=Text("不显示进度和提示。", "No progress, no remarks."),
        ),
        click.option(
            "--lang", cls=Option, type=click.Choice(["zh", "en"]), expose_value=False, callback=_set_lang,
            help=Text("输出语言。", "Language of the output."),
        ),
        click.option(
            "--json", cls=Option, is_flag=True, expose_value=False, callback=_set_json,
            help=Text("以 JSON 输出结果（标准输出只有数据）。", "Print the result as JSON; stdout carries data only."),
        ),
        click.option(
            "-C", "folder", cls=Option, type=Location(), metavar="DIR", expose_value=False, callback=_set_folder,
            help=Text("工作区目录。", "Folder of the workspace."),
        ),
    ):  # fmt: skip
        function = option(function)
    return function


def civdef_command(help: Text, *, name: str | None = None) -> Callable[[Callable[..., Any]], Command]:  # noqa: A002
    """Make a command with the shared options.

    The function gets the :class:`App` first, then its own options.
    """

    def wrap(function: Callable[..., Any]) -> Command:
        made: Command = click.command(name, cls=Command)(click.pass_obj(shared_options(function)))
        return _with_shared(made, help)

    return wrap


def civdef_group(
    help: Text,  # noqa: A002 - click's own name
    *,
    name: str | None = None,
    package: str | None = None,
    alone: bool = False,
) -> Callable[[Callable[..., Any]], Group]:
    """Make a group of commands with the shared options.

    Parameters
    ----------
    help
        What it is for.
    name
        Name; None: the function's.
    package
        Package whose modules are the commands (see :class:`DiscoveredGroup`); None: commands are added by hand.
    alone
        Whether the group does something without a command too. Its function is called before a command as well, and
        tells by ``click.get_current_context().invoked_subcommand``.
    """

    def wrap(function: Callable[..., Any]) -> Group:
        made: Group = click.group(
            name, cls=Group if package is None else DiscoveredGroup, invoke_without_command=alone
        )(click.pass_obj(shared_options(function)))
        if isinstance(made, DiscoveredGroup):
            made.package = package or ""
        if alone:
            made.subcommand_metavar = "[COMMAND [ARGS]...]"
        return _with_shared(made, help)

    return wrap


def _with_shared(command: C, text: Text) -> C:
    command.text = text
    command.help = text.en
    command.context_settings.setdefault("help_option_names", ["--help", "-h"])
    return command


def _lang(ctx: click.Context | None) -> Lang:
    found = ctx.find_object(App) if ctx is not None else None
    return found.lang if found is not None else "zh"


def _set_quiet(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        _state(ctx).quiet = True


def _set_json(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        _state(ctx).json = True


def _set_lang(ctx: click.Context, _param: click.Parameter, value: Lang | None) -> None:
    if value:
        _state(ctx).lang = value


def _set_folder(ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
    if value:
        _state(ctx).folder = value


def _state(ctx: click.Context) -> App:
    found = ctx.find_object(App)
    assert found is not None
    return found
