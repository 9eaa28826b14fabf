"""Fuzz what comes back over the channel, guided by coverage: python tests/fuzzing/fuzz_channel.py --minutes 10.

Needs `atheris`, on Linux. An input that breaks a target is written into the folder `findings` beside the corpus, and
the run ends with another exit code than 0; give the file as `--input` to see it break again.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import random
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
NAMES: Final = ("decode", "frames", "keras", "rebuild")
_LONGEST: Final = 64 * 1024
_INPUT_SECONDS: Final = 30
_MEMORY_MEGABYTES: Final = {"rebuild": 4_096}
_USUAL_MEGABYTES: Final = 1_024


def main(arguments: list[str]) -> None:
    """Run one target for some minutes, or for so many executions, whichever ends first."""
    options = _parser().parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    if options.input is not None:
        from tests.fuzzing.targets import TARGETS  # noqa: PLC0415 - after the path is set

        TARGETS[options.target](options.input.read_bytes())
        return
    folder = options.corpus or Path(tempfile.mkdtemp(prefix="fuzzing-"))
    _fuzz(options.target, folder, seconds=round(options.minutes * 60), executions=options.executions)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--target", choices=NAMES, default="decode")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--executions", type=int, default=-1, help="at most so many")
    parser.add_argument("--corpus", type=Path, help="a folder to keep what was found interesting, and to begin with")
    parser.add_argument("--input", type=Path, help="run the target on this file only")
    return parser


def _fuzz(target: str, folder: Path, *, seconds: int, executions: int) -> None:
    import atheris  # type: ignore[import-untyped]  # noqa: PLC0415 - for Linux only

    with atheris.instrument_imports(include=["grader.protocol", "grader.training", "grader.sandbox.process"]):
        from tests.fuzzing.targets import TARGETS  # noqa: PLC0415 - instrumented
    from grader.errors import ProtocolError  # noqa: PLC0415 - as above
    from grader.protocol.values import decode, encode  # noqa: PLC0415 - as above
    from tests.fuzzing.mutations import mutated  # noqa: PLC0415 - as above
    from tests.fuzzing.seeds import seeds  # noqa: PLC0415 - as above

    def mutator(data: bytes, longest: int, seed: int) -> bytes:
        source = random.Random(seed)  # noqa: S311 - no secret
        # Bytes are changed as bytes now and then, values as values otherwise.
        if target != "frames" and source.random() < 0.8:
            with contextlib.suppress(ProtocolError, OverflowError, RecursionError):
                return encode(mutated(decode(data), source), limit=longest)
        return bytes(atheris.Mutate(data, longest))

    inputs, findings = folder / "inputs", folder / "findings"
    for made in (inputs, findings):
        made.mkdir(parents=True, exist_ok=True)
    # What the first input imports is no fault of that input.
    TARGETS[target](seeds(target)[0])
    for seed in seeds(target):
        (inputs / hashlib.sha256(seed).hexdigest()).write_bytes(seed)
    flags = [
        f"-max_total_time={seconds}",
        f"-runs={executions}",
        f"-max_len={_LONGEST}",
        f"-timeout={_INPUT_SECONDS}",
        f"-rss_limit_mb={_MEMORY_MEGABYTES.get(target, _USUAL_MEGABYTES)}",
        f"-artifact_prefix={findings}/",
        "-print_final_stats=1",
    ]
    run = TARGETS[target]

    def once(data: bytes) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            run(data)

    sys.stderr.write(f"corpus and findings: {folder}\n")
    atheris.Setup([sys.argv[0], *flags, str(inputs)], once, custom_mutator=mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
