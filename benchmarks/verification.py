"""How long it takes to verify the built-in course, and how many mutants of its solutions are caught.

    python benchmarks/verification.py [MUTANTS]

Everything but the mutants is to be done within 3 minutes on two cores, 500 mutants within 5, and 97 % of them caught or
declared harmless. Accuracies are remembered as they always are: the first run trains, and is slower.
"""

from __future__ import annotations

import json
import subprocess
import sys

COMMAND = [sys.executable, "-m", "grader", "verify", "--format", "json", "--lang", "en"]


def main() -> int:
    """Verify, and print what it took."""
    mutants = sys.argv[1] if len(sys.argv) > 1 else "500"
    ended = subprocess.run([*COMMAND, "--mutants", mutants], stdout=subprocess.PIPE, text=True, check=False)
    found = json.loads(ended.stdout)
    mutation = found["mutation"]
    harmless = sum(survivor["reason"] is not None for survivor in mutation["survivors"])
    caught = (mutation["caught"] + harmless) / mutation["mutants"]
    print(f"{found['proven']} of {found['checks']} checks proven by {found['wrong_answers']} wrong answers")
    print(f"{found['runs']} runs in {found['seconds']:.0f} s; {len(found['findings'])} findings")
    print(f"{mutation['mutants']} mutants in {mutation['seconds']:.0f} s; {caught:.1%} caught or declared harmless")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
