"""Records how the golden reports look now: `python tests/report/golden/update.py`.

Look at the difference before you commit it. It renders `reports/` anew in every form; `grade.py` beside it makes these.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.report.golden.rendering import FOLDER, RENDERERS, names, rendered


def main() -> None:
    """Write every form of every report."""
    for form in RENDERERS:
        folder = FOLDER / form.partition(".")[0]
        folder.mkdir(exist_ok=True)
        wanted = {f"{name}.{form.partition('.')[2]}": name for name in names()}
        for file in folder.iterdir():
            if file.name not in wanted:
                file.unlink()
        for file_name, name in wanted.items():
            (folder / file_name).write_text(rendered(name, form), encoding="utf-8")


if __name__ == "__main__":
    main()
