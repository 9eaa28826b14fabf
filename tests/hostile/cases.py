"""Reading the cases: what each tries, what must be seen, and how its files come to lie in a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CASES: Final = Path(__file__).parent / "cases"
REPEATED: Final = {"says", "never"}
KEYS: Final = REPEATED | {
    *("tries", "seen", "by", "exercise", "function", "outcome", "earns", "verdict", "made"),
    *("exit", "alone", "unconfined", "renders", "file", "refused"),
}
_HEADER: Final = re.compile(r"# (?P<key>[a-z]+): (?P<value>.+)")
_SECTION: Final = re.compile(r"^#=== (?P<name>\S+)\n", re.MULTILINE)
_RIGHT: Final = {
    "dense_parameter_count": "(inputs, units):\n    return inputs * units + units\n",
    "model_parameter_count": "(sizes):\n    return sum(a * b + b for a, b in zip(sizes, sizes[1:]))\n",
    "layer_output_shapes": "(sizes):\n    return [(None, units) for units in sizes[1:]]\n",
    "batches_per_epoch": "(samples, batch_size=32):\n    return -(-samples // batch_size)\n",
}
REFERENCE: Final = "".join(f"def {name}{rest}\n\n" for name, rest in _RIGHT.items())
"""A right submission for exercise-3: what it earns after an attack is what it earned before."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One hostile submission. `name` is `topic/name`; `text` may hold places such as `{{canary}}`."""

    name: str
    facts: Mapping[str, str]
    says: tuple[str, ...]
    never: tuple[str, ...]
    text: str

    @property
    def topic(self) -> str:
        """The folder of the case, which is what it is about."""
        return self.name.partition("/")[0]

    @property
    def exercise(self) -> str:
        """The exercise that it is handed in for."""
        return self.facts.get("exercise", "exercise-3")

    @property
    def function(self) -> str:
        """The function whose first check meets the attack."""
        return self.facts.get("function", "dense_parameter_count")

    @property
    def earns(self) -> float:
        """The points that it must end with: those of the functions that are right."""
        return float(self.facts.get("earns", "8"))

    @property
    def by_command(self) -> bool:
        """Whether the command line is what is attacked, so that the case ends with an exit code."""
        return "exit" in self.facts

    def says_yes(self, key: str) -> bool:
        """Whether the header says `key: yes`."""
        return self.facts.get(key) == "yes"

    def write(self, folder: Path, places: Mapping[str, str]) -> Path:
        """Put the files of the case into `folder`, and tell which of them is handed in."""
        folder.mkdir(parents=True)
        main, *others = _SECTION.split(self.text)
        own = self.exercise.replace("-", "_") + ".py"
        handed_in = folder / self.facts.get("file", own).encode().decode("unicode_escape")
        files = {handed_in.name: main + ("" if self.says_yes("alone") else _others(main))}
        files |= dict(zip(others[::2], others[1::2], strict=True))
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            for place, value in places.items():
                text = text.replace("{{" + place + "}}", value)  # noqa: PLW2901 - one place after the other
            path.write_text(text, "utf-8")
        return handed_in


def _others(source: str) -> str:
    """Right definitions of the functions of exercise-3 that `source` does not define."""
    missing = [name for name in _RIGHT if f"def {name}(" not in source]
    return "".join(f"\n\ndef {name}{_RIGHT[name]}" for name in missing)


def read_case(path: Path) -> Case:
    """The case in a file of the folder `cases`. Raises ValueError for a header that is not as the README says."""
    facts: dict[str, str] = {}
    repeated: dict[str, list[str]] = {key: [] for key in REPEATED}
    lines = path.read_text("utf-8").splitlines(keepends=True)
    while lines and (found := _HEADER.fullmatch(lines[0].strip())):
        key, value = found["key"], found["value"].strip()
        if key not in KEYS or key in facts:
            raise ValueError(f"{path}: {key} is no key of a header, or stands there twice")
        if key in REPEATED:
            repeated[key].append(value)
        else:
            facts[key] = value
        del lines[0]
    missing = {"tries", "seen", "by"} - facts.keys()
    if missing:
        raise ValueError(f"{path}: the header does not say {sorted(missing)}")
    return Case(
        name=f"{path.parent.name}/{path.stem}",
        facts=facts,
        says=tuple(repeated["says"]),
        never=tuple(repeated["never"]),
        text="".join(lines).lstrip("\n"),
    )


def all_cases() -> list[Case]:
    """Every case, in the order of their names: what a case leaves, the next ones may find."""
    return [read_case(path) for path in sorted(CASES.glob("*/*.txt"))]


def table() -> str:
    """The cases as a table in Markdown, a heading for each topic."""
    topics: dict[str, list[Case]] = {}
    for case in all_cases():
        topics.setdefault(case.topic, []).append(case)
    parts = []
    for topic, cases in topics.items():
        rows = [f"| {case.facts['tries']} | {case.facts['by']} | {case.facts['seen']} |" for case in cases]
        head = [f"### {topic.capitalize()}", "", "| tries | stopped by | seen |", "|---|---|---|"]
        parts.append("\n".join([*head, *rows]))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - for the page on security
