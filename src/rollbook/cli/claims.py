"""What a server claims for itself before it starts: its port, and the file of its embedded database."""

import errno
import fcntl
import os
import socket
from pathlib import Path
from time import sleep

from rollbook import clock
from rollbook.errors import ConflictError, InvalidError

PATIENCE_SECONDS = 1.0
"""How long a server that is just ending may take to let go."""

PAUSE_SECONDS = 0.02


class UnknownHostError(InvalidError):
    """The host has no address."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(f"the host {host} has no address on this machine's network; give an address such as 127.0.0.1 or 0.0.0.0")


class PortTakenError(ConflictError):
    """Nobody else can listen at the port."""

    def __init__(self, address: str, port: int, reason: str) -> None:
        self.address = address
        self.port = port
        super().__init__(f"cannot listen at {address} port {port}: {reason}; stop what listens there, or give another --port")


class DatabaseInUseError(ConflictError):
    """Another server serves the same file."""

    def __init__(self, file: Path, holder: str) -> None:
        self.file = file
        super().__init__(
            f"the database {file} is served by another server{holder}; stop that one, or set ROLLBOOK_DATABASE_URL to another file"
        )


def claim_port(host: str, port: int) -> str:
    """
    Make sure that a server can listen, and give the address to listen at.

    Workers share their port among each other, so that without this look a second server would start, and take part of the first one's requests.

    Raises:
        UnknownHostError: The host has no address.
        PortTakenError: Somebody listens there, or nobody may.
    """
    try:
        family, _, _, _, (address, *_) = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (socket.gaierror, UnicodeError) as error:
        raise UnknownHostError(host) from error
    deadline = clock.stopwatch() + PATIENCE_SECONDS
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((address, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE or clock.stopwatch() > deadline:
                    raise PortTakenError(str(address), port, os.strerror(error.errno or 0).lower()) from error
            else:
                return str(address)
        sleep(PAUSE_SECONDS)


def claim_file(file: Path) -> int:
    """
    Lock the file beside a database that says that it is served, and give the lock's descriptor.

    The lock lasts until this process and every process that it forks have ended, in whatever way.

    Raises:
        DatabaseInUseError: Another server holds it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    real = file.resolve()
    lock = os.open(real.with_name(real.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    deadline = clock.stopwatch() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if clock.stopwatch() > deadline:
                holder = os.pread(lock, 32, 0).decode(errors="replace").strip()
                os.close(lock)
                raise DatabaseInUseError(file, f" (process {holder})" if holder else "") from error
            sleep(PAUSE_SECONDS)
        else:
            os.ftruncate(lock, 0)
            os.pwrite(lock, b"%d\n" % os.getpid(), 0)
            return lock
