"""
The process that watches over a server's workers.

It prepares the database in one process and starts the workers in others, at the same time: each loads the program while the database
is prepared, and waits for the end of that. So the watching process itself loads little, and a start takes as long as the longer of the two.
"""

import asyncio
import ctypes
import gc
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from multiprocessing.synchronize import Event
from time import sleep
from typing import Any

import click
from granian import _signals
from granian._granian import WorkerSignal
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from rollbook import clock
from rollbook.cli.claims import claim_file, claim_port
from rollbook.cli.log_lines import configuration, log, open_log
from rollbook.cli.telling import tell_what_goes_wrong
from rollbook.settings import Settings

PR_SET_PDEATHSIG = 1
CONNECTIONS_WAITING = 2_048
CONNECTIONS_SERVED = 8_192
KILL_AFTER_SECONDS = 30.0
LAST_CHANCE_SECONDS = 1
STOPPING_PAUSE_SECONDS = 0.005
QUICK_SECONDS = 5.0
RESTART_PAUSE_SECONDS = 1.0

_fork = multiprocessing.get_context("fork")


class Supervisor(MPServer):
    """Granian's own supervisor, which starts a worker that died again however often it dies."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._restarted_at = -QUICK_SECONDS

    def _respawn_workers(self, workers: Sequence[int], spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        """Start workers again; one that dies soon after its start waits a moment, so that the machine is not kept busy with starting."""
        log.warning("starting workers again", extra={"facts": {"workers": [number + 1 for number in workers]}})
        if clock.stopwatch() - self._restarted_at < QUICK_SECONDS and self.main_loop_interrupt.wait(RESTART_PAUSE_SECONDS):
            self.interrupt_children.extend(workers)
            return
        self._restarted_at = clock.stopwatch()
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        # Otherwise Granian would take a second death within seconds for a reason to stop.
        self.respawned_wrks.clear()

    def _stop_workers(self) -> None:
        """
        Stop the workers, and wait until every one of them is known to have ended.

        Granian waits for a process in two threads at once, and may take one whose end the other thread has not told yet for one that goes on.
        """
        for worker in self.wrks:
            worker.terminate()  # type: ignore[no-untyped-call] # Granian's server is not typed
        deadline = clock.stopwatch() + KILL_AFTER_SECONDS
        while any(worker.inner.is_alive() for worker in self.wrks) and clock.stopwatch() < deadline:
            sleep(STOPPING_PAUSE_SECONDS)
        super()._stop_workers()  # type: ignore[no-untyped-call] # Granian's server is not typed

    def shutdown(self, exit_code: int = 0) -> None:
        """Stop; a worker that got the same signal as this process, and ended before it was told to, has not failed."""
        self.interrupt_children.clear()
        super().shutdown(exit_code)  # type: ignore[no-untyped-call] # Granian's server is not typed


def supervise(settings: Settings, *, demo: bool) -> int:
    """
    Serve until a signal says to stop, and give the exit status.

    Raises:
        UnknownHostError: The host has no address.
        PortTakenError: The port cannot be listened at.
        DatabaseInUseError: Another server serves the same embedded database.
    """
    address = claim_port(settings.host, settings.port)
    if settings.database_file:
        claim_file(settings.database_file)
    open_log(settings.log_level)
    _allow_many_connections()
    metrics_folder = _share_metrics() if settings.workers > 1 else None
    # Granian takes the platform's own way to start processes, which differs between versions of Python.
    multiprocessing.set_start_method("fork", force=True)
    _let_children_end_with(os.getpid())
    _signals.set_loop_signals = _take_the_first_signal
    prepared = _fork.Event()
    preparation = _fork.Process(target=_prepare, args=(settings, demo, prepared), name="rollbook-prepare")
    preparation.start()
    server = _server(settings, address)

    def watch_preparation() -> None:
        preparation.join()
        if preparation.exitcode:
            server.signal_handler_interrupt()  # type: ignore[no-untyped-call] # Granian's server is not typed

    threading.Thread(target=watch_preparation, name="watch-preparation").start()
    try:
        server.serve(target_loader=lambda: _load(settings, prepared), wrap_loader=False)
    finally:
        if metrics_folder:
            shutil.rmtree(metrics_folder, ignore_errors=True)
    preparation.join()
    if not preparation.exitcode:
        log.info("stopped")
    return abs(preparation.exitcode or 0)


def _server(settings: Settings, address: str) -> Supervisor:
    return Supervisor(
        "rollbook",
        address=address,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(),
        websockets=False,
        backlog=CONNECTIONS_WAITING,
        backpressure=CONNECTIONS_SERVED,
        log_level=LogLevels.warning,
        log_dictconfig=configuration(settings.log_level),
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_CHANCE_SECONDS,
    )


def _prepare(settings: Settings, demo: bool, prepared: Event) -> None:  # noqa: FBT001 - called by multiprocessing
    """Make the database ready, in a process of its own, which ends with the exit status."""
    gc.disable()

    def prepare() -> None:
        from rollbook.cli.preparation import prepare_to_serve, with_ready_database  # noqa: PLC0415 - the watching process must not load it

        prepare_to_serve(settings)
        if demo:
            from rollbook.cli.demo import make_demo  # noqa: PLC0415 - likewise, and only where it is asked for

            click.echo(with_ready_database(settings, lambda database: make_demo(database, settings, if_empty=True)), nl=False)

    status = tell_what_goes_wrong(prepare)
    if not status:
        prepared.set()
    sys.exit(status)


def _load(settings: Settings, prepared: Event) -> Any:
    """Load the program in a worker, and open the database as soon as it is ready."""
    gc.disable()
    from rollbook.app import make_app  # noqa: PLC0415 - the watching process must not load it

    prepared.wait()
    app: Any = make_app(settings)
    if settings.trusted_proxies is not None:
        app = wrap_asgi_with_proxy_headers(app, settings.trusted_proxies)
    # What is loaded stays: the collector need not look at it again and again.
    gc.freeze()
    gc.enable()
    return app


def _take_the_first_signal(loop: asyncio.AbstractEventLoop) -> WorkerSignal:
    """
    Let the first of the signals that say to stop end a worker, and do nothing with the others.

    Granian's own handler, told twice, waits for ever; and a worker is told twice by Ctrl-C, or a service manager, and its parent.
    """
    event = WorkerSignal()
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            event.set()

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop)
    return event


def _let_children_end_with(parent: int) -> None:
    """
    Let every new process end when its parent does, even by SIGKILL, and on a signal before it has begun to serve.

    A signal that meets a process just forked, which still has its parent's handlers, would be lost: so SIGTERM is held back meanwhile.
    """
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def hold_back() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})

    def let_through() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    def tie() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # Ctrl-C reaches every process of the terminal; the parent tells its workers.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if prctl:
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        let_through()

    os.register_at_fork(before=hold_back, after_in_parent=let_through, after_in_child=tie)


def _share_metrics() -> str:
    """Let the workers count in files of one folder, so that whichever is asked for the metrics tells those of all."""
    folder = tempfile.mkdtemp(prefix="rollbook-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    return folder


def _allow_many_connections() -> None:
    """Raise the number of files and connections that a process may have open to what the machine allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS_SERVED if hard == resource.RLIM_INFINITY else min(hard, 2 * CONNECTIONS_SERVED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
