"""The real server as a process of its own, for the tests."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

SOURCES = Path(__file__).parents[2] / "src"
LONGEST_START = 30.0
LONGEST_END = 15.0


@dataclass(frozen=True)
class Server:
    """A running server; its output goes to a file in its folder."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    log_file: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    @property
    def key(self) -> str:
        """The key of the demo."""
        return (self.folder / "data" / "demo-key").read_text().strip()

    def call(self, command: str, **parameters: str | int) -> Any:
        """Call a command with the demo's key and give its answer."""
        return httpx.get(f"{self.url}/api/2.0/{command}", params=parameters, headers={"api_key": self.key}).json()

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in children.read_text().split()]

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health").status_code == 200
        except httpx.TransportError:
            return False

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + LONGEST_START
        while not self.answers():
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.02)


def environment(**settings: str) -> Mapping[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("ROLLBOOK_")}
    return {**own, "PYTHONPATH": str(SOURCES), **settings}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def command_line(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "rollbook", *arguments]


def rollbook(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(command_line(*arguments), check=False, capture_output=True, text=True, cwd=folder, env=environment(**settings))


@contextmanager
def serving(folder: Path, *options: str, ready: bool = True, log: str = "log", **settings: str) -> Iterator[Server]:
    """Serve from a folder until the test is over."""
    port = free_port()
    log_file = folder / log
    with log_file.open("wb") as output:
        process = subprocess.Popen(
            command_line("serve", "--port", str(port), *options), cwd=folder, env=environment(**settings), stdout=output, stderr=output
        )
    server = Server(process, port, folder, log_file)
    try:
        if ready:
            server.wait_until_ready()
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(LONGEST_END)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()


def wait_for_end(process_id: int) -> bool:
    """Tell whether a process that is no child of this one ends within a second or so."""
    deadline = time.monotonic() + 2.0
    while time.monotonic() < deadline:
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False
