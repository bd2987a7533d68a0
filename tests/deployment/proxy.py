"""The nginx of deploy/nginx.conf as an ordinary process, on a free port before two `forum serve` processes."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import find_program, missing
from tests.server import Server

CONFIGURATION = Path(__file__).parents[2] / "deploy/nginx.conf"
STARTS_WITHIN = 20
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/forum.conf;
}}
"""
"""What a distribution's own nginx.conf says, for a process without rights and without traces."""


def find_nginx() -> Path:
    """An nginx; where none can be had the test is skipped, and with CI=true it fails."""
    found = find_program(["nginx", "/usr/sbin/nginx"], package="nginx-light")
    return found or missing("No nginx for these tests: install nginx-light (`apt install nginx-light`).")


def adapted(folder: Path, upstreams: tuple[Server, Server], port: int, listen: str) -> str:
    """The configuration with this test's ports and folder in the place of a machine's own, and nothing else changed."""
    text = CONFIGURATION.read_text()
    changes = {
        "127.0.0.1:8001": f"127.0.0.1:{upstreams[0].port}",
        "127.0.0.1:8002": f"127.0.0.1:{upstreams[1].port}",
        "listen 80;": listen or f"listen 127.0.0.1:{port};",
        "/var/cache/nginx-forum": str(folder / "cache"),
    }
    for old, new in changes.items():
        assert text.count(old) == 1, f"{old} is not what deploy/nginx.conf says once"
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(folder: Path, upstreams: tuple[Server, Server], port: int, listen: str = "") -> Iterator[None]:
    """The proxy before two processes on that port; `listen` are the lines that say so, if not the usual one."""
    program = find_nginx()
    folder.mkdir()
    (folder / "forum.conf").write_text(adapted(folder, upstreams, port, listen))
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers may not enter the test's folders
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    process = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        _wait_for(process, port, folder / "error.log")
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nginx did not start:\n{log.read_text()}") from None
            time.sleep(0.02)
