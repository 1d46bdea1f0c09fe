"""DynamoDB's updates of rows as they are on the wire, as studio/dynamo.py writes them, each text taken apart once."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from tests.unit.memory_aws.conditions import Beyond, Condition, Row, Values, frozen, parsed, type_of, whole

Change = Callable[[dict[str, Any], Values], None]


def change(text: str, more: str, names: Mapping[str, str], values: Values) -> tuple[Change, Condition]:
    """Return what an update does to a row, and the condition that it comes with."""
    return whole(_change(text, more, frozen(names)), names, values)


# As studio/dynamo.py writes them: attributes by their aliases, each of them once.
_CLAUSE: Final = re.compile(r"(SET|ADD|DELETE|REMOVE) ((?:[^A-Z]|(?<=[#:\w])[A-Z])+?)(?= (?:SET|ADD|DELETE|REMOVE) |$)")
_ACTIONS: Final[Mapping[str, re.Pattern[str]]] = {
    "SET": re.compile(r"(#\w+) = (?:(:\w+)|list_append\(\1, (:\w+)\))"),
    "ADD": re.compile(r"(#\w+) (:\w+)"),
    "DELETE": re.compile(r"(#\w+) (:\w+)"),
    "REMOVE": re.compile(r"(#\w+)"),
}


@cache
def _change(text: str, more: str, names: frozenset[tuple[str, str]]) -> Any:
    known, actions = dict(names), _actions(text)
    asked = parsed(more, names) if more else (_always, set[str](), set[str]())
    if not actions or not asked:
        return None
    aliases = {alias for _, alias, _ in actions}
    if not aliases <= known.keys() or len({known[alias] for alias in aliases}) != len(actions):
        return None
    steps = [_step(verb, known[alias], *given) for verb, alias, given in actions]
    given = {name for _, _, some in actions for name in some if name}
    return (_all(steps), asked[0]), aliases | asked[1], given | asked[2]


def _actions(text: str) -> list[tuple[str, str, list[str]]] | None:
    """Return each action of an update: its clause, its attribute's alias, and the values that it names."""
    clauses = [(match[1], match[2]) for match in _CLAUSE.finditer(text)]
    if " ".join(f"{verb} {actions}" for verb, actions in clauses) != text or len(dict(clauses)) != len(clauses):
        return None
    each = [(verb, _ACTIONS[verb].fullmatch(one)) for verb, some in clauses for one in re.split(r", (?=#)", some)]
    if not all(match for _, match in each):
        return None
    return [(verb, match[1], list(match.groups()[1:])) for verb, match in each if match]


def _always(_row: Row, _values: Values) -> bool:
    return True


def _all(steps: list[Change]) -> Change:
    def run(row: dict[str, Any], values: Values) -> None:
        for step in steps:
            step(row, values)

    return run


def _step(verb: str, name: str, *given: str) -> Change:
    match verb:
        case "SET":
            whole, added = given
            return (lambda r, v: r.update({name: v[whole]})) if whole else (lambda r, v: _append(r, name, v[added]))
        case "ADD":
            return lambda row, values: _add(row, name, values[given[0]])
        case "DELETE":
            return lambda row, values: _delete(row, name, values[given[0]])
        case _:
            return lambda row, _values: row.pop(name, None)


def _append(row: dict[str, Any], name: str, value: Any) -> None:
    if type_of(row.get(name)) != "L" or "L" not in value:
        raise Beyond
    row[name] = {"L": [*row[name]["L"], *value["L"]]}


_WHOLE_NUMBER: Final = re.compile(r"-?\d+")


def _add(row: dict[str, Any], name: str, value: Any) -> None:
    ((kind, added),) = value.items()
    held = row.get(name, {"N": "0"} if kind == "N" else {kind: []}).get(kind)
    if kind == "N" and held is not None and _WHOLE_NUMBER.fullmatch(held) and _WHOLE_NUMBER.fullmatch(added):
        row[name] = {"N": str(int(held) + int(added))}
    elif kind == "SS" and held is not None:
        row[name] = {"SS": [*held, *(each for each in added if each not in held)]}
    else:
        raise Beyond


def _delete(row: dict[str, Any], name: str, value: Any) -> None:
    held = row.get(name)
    if "SS" not in value or (held and "SS" not in held):
        raise Beyond
    left = [each for each in held["SS"] if each not in value["SS"]] if held else []
    row.pop(name, None)
    if left:
        row[name] = {"SS": left}
