"""Libraries that a server loads before its own, which break something beneath it: built on the spot."""

import subprocess
from pathlib import Path

from tests.programs import find_program, missing


def preloaded(name: str, folder: Path) -> Path:
    """The library of this name beside here, for LD_PRELOAD."""
    compiler = find_program(["cc", "gcc"], package="build-essential") or missing("No C compiler: install gcc.")
    library = folder / f"{name}.so"
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library
