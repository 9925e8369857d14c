"""The entry point: language, console safety, lazy commands, and one place where errors become words."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from civdef import __version__
from civdef.cli.common import ENDLESS, App, Group, Option, civdef_group
from civdef.cli.usage import ExtraArgumentsError, RefusedError
from civdef.errors import EXIT_INTERNAL, EXIT_USAGE, CivdefError
from civdef.text import Lang, Text, listing, nearest


def _program() -> Group:
    @civdef_group(
        Text(
            "civdef：街道应急与民事防护预案的建模、核查、演练与出图。",
            "civdef: model, check, drill and map the emergency and civil-defence plans of a street office.",
        ),
        name="civdef",
        package="civdef.cli.commands",
    )
    def program(_app: App) -> None: ...

    program.params.append(
        Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version,
            help=Text("显示版本。", "Show the version."),
        )
    )  # fmt: skip
    return program


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"civdef {__version__}")
        ctx.exit()


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the program and leave with its exit code; no traceback reaches the user.

    Set ``CIVDEF_DEBUG=1`` to see tracebacks.
    """
    args = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app = App(_language(args))
    app.json = "--json" in args
    sys.exit(_run(args, app))


def _run(args: list[str], app: App) -> int:
    try:
        outcome: Any = _program().main(args, prog_name="civdef", standalone_mode=False, obj=app)
        return outcome if isinstance(outcome, int) else 0
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (click.Abort, KeyboardInterrupt):
        _report(
            app,
            ["已中断。每个文件要么已完整写出，要么保持原样。", "下一步：再运行一次同一条命令，即可从头重做。"]
            if app.lang == "zh"
            else [
                "Interrupted. Every file is either whole or as it was before.",
                "Next: run the same command again; it starts anew.",
            ],
        )
        return 130
    except click.ClickException as error:
        _report(app, _click_lines(error, app.lang))
        return EXIT_USAGE
    except CivdefError as error:
        if app.json:
            click.echo(_error_json(error, app.lang), nl=False)
        _report(app, error.lines(app.lang))
        return error.exit_code
    except BrokenPipeError:
        _silence_stdout()
        return 0
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO):
            return _internal(app, error)
        _silence_stdout()
        _report(
            app,
            ["无法写出结果：磁盘已满或设备出错。", "下一步：腾出空间后再运行一次。"]
            if app.lang == "zh"
            else [
                "Cannot write the result: the disk is full or failing.",
                "Next: make room and run it again.",
            ],
        )
        return EXIT_USAGE
    except Exception as error:  # the last line of defence: a user never sees a traceback
        return _internal(app, error)


def _internal(app: App, error: Exception) -> int:
    """Report a defect of our own and return its exit code."""
    if os.environ.get("CIVDEF_DEBUG"):
        raise error
    zh = app.lang == "zh"
    what = f"{type(error).__name__}: {error}"
    _report(
        app,
        [
            f"内部错误：{what}" if zh else f"Internal error: {what}",
            "下一步：这是 civdef 的缺陷，请附上命令和 CIVDEF_DEBUG=1 的输出报告给维护者。"
            if zh
            else "Next: this is a defect of civdef; report it with the command and its output under CIVDEF_DEBUG=1.",
        ],
    )
    return EXIT_INTERNAL


def _silence_stdout() -> None:
    """Let nothing more go to a stdout that cannot take it, so that leaving does not fail again."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - lives until the process ends


def _report(app: App, lines: Sequence[str]) -> None:
    for line in lines:
        click.echo(line, err=True, color=app.colour)


def _language(args: Sequence[str]) -> Lang:
    """Return the language asked for: ``--lang``, ``CIVDEF_LANG``, the locale, else Chinese."""
    asked = ""
    for i, arg in enumerate(args):
        if arg == "--lang" and i + 1 < len(args):
            asked = args[i + 1]
        elif arg.startswith("--lang="):
            asked = arg.partition("=")[2]
    places = (asked, *(os.environ.get(k, "") for k in ("CIVDEF_LANG", "LC_ALL", "LC_MESSAGES", "LANG")))
    for value in places:
        if value[:2] in ("zh", "en"):
            return "zh" if value[:2] == "zh" else "en"
    return "zh"


def _click_lines(error: click.ClickException, lang: Lang) -> list[str]:
    """Say a wrong argument in the language of the run."""
    zh = lang == "zh"
    known: Text
    if isinstance(error, click.NoSuchOption):
        known = Text("没有选项 {o}", "There is no option {o}").format(o=error.option_name)
        if error.possibilities:
            near = ", ".join(sorted(error.possibilities))
            known = Text(f"{known.zh}；是否想写 {near}？", f"{known.en}. Did you mean {near}?")
    elif isinstance(error, click.MissingParameter):
        name = (
            error.param.make_metavar(error.ctx) if error.param is not None and error.ctx is not None else ""
        )
        known = Text("缺少参数 {n}", "Missing {n}").format(n=name)
    elif isinstance(error, click.BadParameter):
        name = error.param.opts[0] if error.param is not None else ""
        known = Text("{n} 的值不对：{m}", "Bad value for {n}: {m}").format(n=name, m=_reason(error))
    elif isinstance(error, click.BadOptionUsage):
        known = (
            Text("选项 {o} 后面不带取值", "{o} takes no value")
            if _is_flag(error)
            else Text("选项 {o} 后面缺少取值", "{o} needs a value")
        ).format(o=error.option_name)
    elif isinstance(error, ExtraArgumentsError):
        known = Text("多余的参数：{a}", "Unexpected: {a}").format(a=error.extra)
    elif isinstance(error, click.exceptions.NoSuchCommand):
        known = _no_command(error.command_name, error.ctx)
    else:
        known = Text(f"用法错误：{error.format_message()}", error.format_message())
    path = (
        error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx is not None else "civdef"
    )
    return [known.in_(lang), f"下一步：运行 {path} --help 查看用法。" if zh else f"Next: run {path} --help."]


def _is_flag(error: click.BadOptionUsage) -> bool:
    """Return whether the option is one that is given without a value."""
    params = error.ctx.command.get_params(error.ctx) if error.ctx is not None else []
    return any(
        isinstance(p, click.Option) and p.is_flag and error.option_name in (*p.opts, *p.secondary_opts)
        for p in params
    )


def _reason(error: click.BadParameter) -> Text:
    """Return why a value is wrong: what is allowed, by the type of the parameter."""
    if isinstance(error, RefusedError):
        return error.reason
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.IntRange | click.FloatRange):
        return _number(kind)
    if isinstance(kind, click.Choice):
        return Text("可用：{c}", "choose one of {c}").format(c=listing(kind.choices, 40))
    return Text(error.message, error.message)


def _number(kind: click.IntRange | click.FloatRange) -> Text:
    """Return which numbers are allowed."""
    what = Text("整数", "whole number") if isinstance(kind, click.IntRange) else Text("数", "number")
    if kind.min is not None and kind.max is not None and kind.max < ENDLESS:
        said = Text("应为 {a} 到 {b} 之间的{w}", "give a {w} from {a} to {b}")
    elif kind.min is not None:
        said = Text("应为不小于 {a} 的{w}", "give a {w} of at least {a}")
    else:
        said = Text("应为不大于 {b} 的{w}", "give a {w} of at most {b}")
    return said.format(a=kind.min, b=kind.max, w=what)


def _no_command(name: str, ctx: click.Context | None) -> Text:
    group = ctx.command if ctx is not None else None
    names = group.list_commands(ctx) if isinstance(group, click.Group) and ctx is not None else []
    near = nearest(name, names)
    text = Text("没有命令 {n}", "There is no command {n}").format(n=name)
    if near:
        return Text(f"{text.zh}；是否想写 {near}？", f"{text.en}. Did you mean {near}?")
    return text


def _error_json(error: CivdefError, lang: Lang) -> str:
    """Return an error as a JSON document, so that a program reading stdout finds one either way."""
    from civdef.result import dump_json

    document: dict[str, Any] = {
        "schema": "civdef.error/1",
        "error": {
            "type": type(error).__name__,
            "message": error.message.in_(lang),
            "hint": error.hint.in_(lang) if error.hint else None,
            "exit_code": error.exit_code,
            "binding": list(getattr(error, "binding", ())),
        },
    }
    faults = getattr(error, "faults", ())
    if faults:
        from civdef.load.check import fault_record

        document["faults"] = [fault_record(f, lang).model_dump(mode="json") for f in faults]
    return dump_json(document)
