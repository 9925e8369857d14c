"""Reading YAML documents: the organisation, outside bodies, plans, standing rules, drills."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from civdef import registry
from civdef.load import yaml_file
from civdef.load.reader import LOOSE, Reader
from civdef.load.tables import DOCUMENTS, EXTERNAL, ORGANISATION, ORGANISATION_LISTS
from civdef.load.texts import parse_text
from civdef.load.validate import build
from civdef.model.base import Noun
from civdef.model.organisation import ExternalBody, Headquarters
from civdef.model.plan import Plan, StandingRule
from civdef.model.scenario import Drill
from civdef.model.workspace import PlanText
from civdef.source import Origin, Place
from civdef.text import Text, nearest

MAX_TEXT_BYTES = 4_000_000


def read_organisation(reader: Reader) -> Headquarters | None:
    """Read the organisation and the outside bodies; return the headquarters."""
    headquarters = None
    document = _yaml(reader, ORGANISATION, required=True)
    if document is not None:
        _known_keys(reader, ORGANISATION, document, {"headquarters", *ORGANISATION_LISTS})
        if document.data.get("headquarters") is not None:
            origin = Origin(Place(ORGANISATION), document.marks, ("headquarters",))
            built = build(Headquarters, _mapping(document.data["headquarters"]), origin, reader.faults)
            if built is not None and reader.keep("headquarters", built, origin):
                headquarters = built
        for key, (attribute, noun) in ORGANISATION_LISTS.items():
            _list(reader, ORGANISATION, document, key, attribute, noun)
    reader.found.pop("headquarters", None)
    external = _yaml(reader, EXTERNAL, required=False)
    if external is not None:
        _known_keys(reader, EXTERNAL, external, {"external"})
        _list(reader, EXTERNAL, external, "external", "external", ExternalBody)
    return headquarters


def read_documents(reader: Reader) -> dict[tuple[str, str], PlanText]:
    """Read plans, rules and drills; return their official texts by (id, language)."""
    texts: dict[tuple[str, str], PlanText] = {}
    for folder, (attribute, noun) in DOCUMENTS.items():
        for file in reader.listing(folder, ".yaml"):
            document = _yaml(reader, file, required=False)
            if document is None:
                reader.refuse(f"{getattr(noun, 'KIND', '')}/{PurePosixPath(file).stem}")
                continue
            origin = Origin(Place(file), document.marks)
            built = build(noun, document.data, origin, reader.faults)
            if built is None:
                reader.refuse(document.data.get("id"))
            if built is None or not reader.keep(attribute, built, origin):
                continue
            if isinstance(built, Plan | StandingRule):
                texts.update(_texts(reader, file, built, origin))
            _local_names(reader, built, origin)
    return texts


def _yaml(reader: Reader, file: str, *, required: bool) -> yaml_file.YamlDocument | None:
    text = reader.text_of(file, required=required, most=yaml_file.MAX_BYTES)
    if text is None:
        return None
    document = yaml_file.parse_yaml(text, file)
    reader.faults.extend(document.faults)
    if document.data is None:
        return None
    if not isinstance(document.data, dict):
        reader.fault(
            "not-a-mapping", Place(file, 1, 1), Text("文件应为“键: 值”结构", "The file must be a mapping")
        )
        return None
    return document


def _known_keys(reader: Reader, file: str, document: yaml_file.YamlDocument, allowed: set[str]) -> None:
    for key in document.data:
        if key not in allowed:
            line, column = document.marks.get((key,), (1, 1))
            reader.fault(
                "extra-forbidden",
                Place(file, line, column),
                Text("不认识的字段 {k}", "Unknown field {k}").format(k=key),
                Text("、".join(sorted(allowed)), ", ".join(sorted(allowed))),
                nearest(str(key), allowed),
            )


def _list(
    reader: Reader, file: str, document: yaml_file.YamlDocument, key: str, attribute: str, noun: type[Noun]
) -> None:
    items = document.data.get(key)
    if items is None:
        return
    if not isinstance(items, list):
        line, column = document.marks.get((key,), (1, 1))
        reader.fault(
            "not-a-list", Place(file, line, column), Text("{k} 应为列表", "{k} must be a list").format(k=key)
        )
        return
    for i, item in enumerate(items):
        origin = Origin(Place(file), document.marks, (key, i))
        built = build(noun, _mapping(item), origin, reader.faults)
        if built is None:
            reader.refuse(_mapping(item).get("id"))
            continue
        if attribute in LOOSE:
            reader.keep_loose(attribute, built, origin)
        else:
            reader.keep(attribute, built, origin)


def _texts(
    reader: Reader, file: str, noun: Plan | StandingRule, origin: Origin
) -> dict[tuple[str, str], PlanText]:
    folder = file.rpartition("/")[0]
    found: dict[tuple[str, str], PlanText] = {}
    for lang, name in noun.text.items():
        place = origin.place(("text", lang))
        if "/" in name or "\\" in name or not name.endswith(".md"):
            reader.fault(
                "bad-text-file",
                place,
                Text("正文文件名不对：{n}", "Bad name of a text file: {n}").format(n=name),
                Text("同一目录下的 .md 文件名", "the name of a .md file in the same folder"),
            )
        elif not (reader.root / folder / name).is_file():
            reader.fault(
                "missing-file", place, Text("找不到正文 {n}", "There is no text file {n}").format(n=name)
            )
        else:
            text = reader.text_of(f"{folder}/{name}", required=True, most=MAX_TEXT_BYTES)
            if text is not None:
                found[(noun.id, lang)] = parse_text(text, f"{folder}/{name}")
    return found


def _local_names(reader: Reader, noun: Noun, origin: Origin) -> None:
    """Check names that are only known inside one document: tasks of a plan, objectives and injects of a drill."""
    if isinstance(noun, Plan):
        tasks = {t.id for t in noun.tasks}
        for i, task in enumerate(noun.tasks):
            for j, name in enumerate(task.after):
                reader.known(name, tasks, origin.place(("tasks", i, "after", j)), Text("任务", "task"))
    if isinstance(noun, Drill):
        objectives = {o.id for o in noun.objectives}
        kinds = registry.names("civdef.drill.injects")
        for i, inject in enumerate(noun.injects):
            reader.known(inject.kind, kinds, origin.place(("injects", i, "kind")), Text("情况注入", "inject"))
            if inject.objective is not None:
                place = origin.place(("injects", i, "objective"))
                reader.known(inject.objective, objectives, place, Text("目标", "objective"))


def _mapping(item: Any) -> dict[str, Any]:
    return item if isinstance(item, dict) else {"?": item}
