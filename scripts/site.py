"""Builds the documents' site: `python scripts/site.py [FOLDER]`, into build/site where no folder is named.

Every warning, such as that of a link which leads nowhere, is an error. Exits with 1 then.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Build it; the exit code."""
    parser = argparse.ArgumentParser(description="Build the documents' site.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "site")
    folder = parser.parse_args().folder
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q"]
    # What pages were made of is kept apart, so that the folder holds nothing but the site.
    doctrees = ROOT / "build" / "doctrees"
    ended = subprocess.run([*command, "-d", str(doctrees), str(ROOT / "docs"), str(folder)], cwd=ROOT, check=False)
    if ended.returncode == 0:
        print(f"The site is in {folder}: open index.html there.")
    return 1 if ended.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
