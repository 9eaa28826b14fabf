"""How processes are started: with nothing of the caller's environment, and with the grader's own modules at hand."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from pathlib import Path


def clean_environment() -> dict[str, str]:
    """The environment of every process that is started: nothing of the caller's but what Python needs to be found."""
    environment = {
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # The same digits on every machine: no kernels chosen by processor, no order chosen by thread.
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "-1",
        "KERAS_BACKEND": "tensorflow",
        "MPLBACKEND": "agg",
    }
    if site.ENABLE_USER_SITE:
        environment["PYTHONUSERBASE"] = site.getuserbase()
    if os.name == "nt":
        environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    return environment


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of the grader in a fresh interpreter, whatever the current folder holds."""
    package_parent = str(Path(__file__).parent.parent.parent)
    code = (
        f"import runpy, sys; sys.path.append({package_parent!r}); "
        f"runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
    )
    if package_parent in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        return [sys.executable, "-P", "-X", "utf8", "-m", module, *arguments]
    return [sys.executable, "-P", "-X", "utf8", "-c", code, *arguments]
