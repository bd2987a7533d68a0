"""What Linux tells of running processes: their processor time, memory and open files; and what machine this is."""

import os
import platform
import re
import resource
from collections.abc import Iterable
from pathlib import Path

PAGE_BYTES = resource.getpagesize()


def with_children(pid: int) -> list[int]:
    """A process and those that it has started: a server's workers."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in with_children(int(child)))]


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time that these processes have used so far, kernel and all threads included."""
    threads = (thread for pid in pids for thread in Path(f"/proc/{pid}/task").iterdir())
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def resident_bytes(pids: Iterable[int]) -> int:
    """Memory that these processes hold."""
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids) * PAGE_BYTES


def open_files(pids: Iterable[int]) -> int:
    """Files and sockets that these processes have open."""
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids)


def socket_bytes() -> int:
    """Memory of the kernel for what is on its way in TCP, on the whole machine."""
    found = re.search(r"TCP:.* mem (\d+)", Path("/proc/net/sockstat").read_text())
    return int(found[1]) * PAGE_BYTES if found else 0


def need_files(count: int) -> None:
    """Let the processes that are started open as many files as they may; say so where that is not enough."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < count:
        raise SystemExit(f"This needs {count} open files in a process; the limit here is {most} (ulimit -Hn).")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(count, min(most, 10 * count)), most))


def machine() -> str:
    """The machine in one line, with how busy it was in the last minutes."""
    models = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PHYS_PAGES") * PAGE_BYTES / 2**30
    return (
        f"{os.cpu_count()} cores ({models[0] if models else platform.machine()}), {memory:.0f} GiB, "
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}; "
        f"load average {os.getloadavg()[1]:.1f} before it began"
    )
