"""Starting the server, and loading it with wrk."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.dataset import KEY

SCRIPT: Final = Path(__file__).with_name("requests.lua")
ROOT: Final = Path(__file__).parent.parent


class LoadError(Exception):
    """The load did not come out as it must to be a measurement."""


class Result(msgspec.Struct, frozen=True):
    """
    What wrk saw.

    Attributes:
        refused: Answers whose status was not 0.
        p50, p95, p99: Latencies in microseconds.
    """

    requests: int
    microseconds: int
    errors: int
    refused: int
    p50: int
    p95: int
    p99: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.microseconds * 1e6


class Server(msgspec.Struct, frozen=True):
    """A server that answers at a port of its own, and the process that watches over it."""

    port: int
    process_id: int

    @property
    def resident_mebibytes(self) -> float:
        """Memory of all its processes, what they share counted once."""
        return sum(_proportional_kibibytes(process_id) for process_id in _family(self.process_id)) / 1024

    def ask_for_pages(self, ended: threading.Event) -> None:
        """Ask for a page of 1,000 enrollments twenty times a second, over one connection, until the event is set."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        while not ended.wait(0.05):
            connection.request("GET", "/api/2.0/SearchClassEnrollments?pageSize=1000&sort=Created", headers={"api_key": KEY})
            answer = connection.getresponse().read()
            if not answer.startswith(b'{"Status":0,'):
                raise LoadError(answer)
        connection.close()

    @property
    def summed_resident_mebibytes(self) -> float:
        """Resident memory of all its processes, what they share counted in each."""
        return sum(_resident_kibibytes(process_id) for process_id in _family(self.process_id)) / 1024

    def kill(self) -> None:
        """Kill every one of its processes, the one that watches first, so that it starts no other; no process gets to know."""
        for process_id in list(_family(self.process_id)):
            with suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)


@contextmanager
def served(arguments: Sequence[str], *, environment: Mapping[str, str], path: str = "/health") -> Iterator[Server]:
    """Run a Python module that serves at the port given by ``{port}`` in its arguments, and stop it at the end."""
    port = _free_port()
    command = [sys.executable, *(argument.format(port=port) for argument in arguments)]
    settings = {**os.environ, **environment, "ROLLBOOK_PORT": str(port)}
    with subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_until_answering(f"http://127.0.0.1:{port}{path}", process)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=60)


@contextmanager
def rollbook(url: str, **environment: str) -> Iterator[Server]:
    """Serve a database, with the command that does nothing beside the real ones."""
    with served(["-m", "benchmarks.server"], environment={"ROLLBOOK_DATABASE_URL": url, **environment}) as server:
        yield server


def load(server: Server, kind: str, *, connections: int, seconds: float, enrollments: int, begin: int = 0, strict: bool = True) -> Result:
    """
    Send requests of a kind for a time, and give what came back; those that count along begin with ``begin``.

    Raises:
        LoadError: An answer failed, or was not of status 0 where it must be.
    """
    command = [
        _wrk(),
        "--threads=1",
        f"--connections={connections}",
        f"--duration={seconds}s",
        "--timeout=30s",
        f"--script={SCRIPT}",
        f"http://127.0.0.1:{server.port}",
        "--",
        kind,
        str(enrollments),
        str(begin),
    ]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    line = next(line for line in printed.splitlines() if line.startswith("RESULT "))
    result = msgspec.convert(json.loads(line.removeprefix("RESULT ")), Result)
    if strict and (result.errors or result.refused):
        raise LoadError(printed)
    return result


def _wrk() -> str:
    path = shutil.which("wrk")
    if path is None:
        raise LoadError("the load comes from wrk; install the package wrk")
    return path


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_answering(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise LoadError(f"the server ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(url):  # noqa: S310 - the address is of this process's own making
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise LoadError("the server did not answer in time")


def _family(process_id: int) -> Iterator[int]:
    yield process_id
    for child in Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split():
        yield from _family(int(child))


def _proportional_kibibytes(process_id: int) -> int:
    return _field(Path(f"/proc/{process_id}/smaps_rollup"), "Pss:")


def _resident_kibibytes(process_id: int) -> int:
    return _field(Path(f"/proc/{process_id}/status"), "VmRSS:")


def _field(path: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name))
