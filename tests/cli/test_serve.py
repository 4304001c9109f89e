"""The server as a whole: what it takes, what it survives, how it ends."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.cli.server import SOURCES, Server, rollbook, serving, wait_for_end


def pss_in_kibibytes(process_id: int) -> int:
    lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def restarted_worker(server: Server, *, after: int) -> int:
    deadline = time.monotonic() + 10
    while not (others := [worker for worker in server.workers() if worker != after]):
        assert time.monotonic() < deadline, server.log
        time.sleep(0.02)
    server.wait_until_ready()
    return others[0]


def course_ids(folder: Path) -> set[int]:
    with closing(sqlite3.connect(folder / "data" / "rollbook.db")) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM courses")}


def test_it_makes_a_demo_and_shows_a_call_that_works(demo_server: Server) -> None:
    call = next(line.strip() for line in demo_server.log.splitlines() if "curl" in line)
    answer = subprocess.run(f"{call} --silent", shell=True, check=True, capture_output=True)  # noqa: S602 - as it is pasted

    assert {"status": 0, "error": None} == json.loads(answer.stdout)
    assert f"{demo_server.url}/api/2.0/UpdateClassEnrollment/" in call


def test_it_takes_less_than_150_mebibytes_in_all_its_processes(demo_server: Server) -> None:
    assert 150 * 1024 > sum(map(pss_in_kibibytes, (demo_server.process.pid, *demo_server.workers())))


def test_it_logs_json_lines_alone_after_the_call_to_try_and_the_sign_ins(demo_server: Server) -> None:
    lines = demo_server.log.rpartition("\n\n")[2].splitlines()

    assert "serving" == json.loads(lines[0])["event"]
    assert all(json.loads(line)["level"] for line in lines)


def test_a_second_server_on_the_same_port_is_told_so(demo_server: Server, tmp_path: Path) -> None:
    answer = rollbook(tmp_path, "serve", "--port", str(demo_server.port))

    assert 1 == answer.returncode
    assert answer.stderr.startswith(f"rollbook: cannot listen at 127.0.0.1 port {demo_server.port}: address already in use;")
    assert 1 == len(answer.stderr.splitlines())


def test_a_second_server_on_the_same_file_is_told_so(demo_server: Server) -> None:
    with serving(demo_server.folder, log="second", ready=False) as second:
        assert 1 == second.process.wait(15)
        assert second.log.startswith(
            f"rollbook: the database data/rollbook.db is served by another server (process {demo_server.process.pid});"
        )
    assert demo_server.answers()


def test_sigterm_finishes_what_is_in_flight_and_loses_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo") as server:
        head = "POST /api/2.0/CreateCourse HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 20\r\n"

        def create_courses(number: int) -> list[int]:
            made: list[int] = []
            with httpx.Client(headers={"api_key": server.key}) as client:
                while True:
                    try:
                        answer = client.get(f"{server.url}/api/2.0/CreateCourse?Name=Course-{number}-{len(made)}")
                    except httpx.TransportError:
                        return made
                    made.append(answer.json()["CourseId"])

        with ThreadPoolExecutor(4) as callers, socket.create_connection(("127.0.0.1", server.port)) as slow:
            slow.sendall(f"{head}api_key: {server.key}\r\n\r\n".encode() + b'{"Name":"')
            creating = [callers.submit(create_courses, number) for number in range(4)]
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            assert server.process.poll() is None
            slow.sendall(b'In flight"}')
            answer = b""
            while part := slow.recv(4096):
                answer += part
            created = [course_id for caller in creating for course_id in caller.result()]
        status = server.process.wait(15)

    last = json.loads(answer.rpartition(b"\r\n\r\n")[2])
    assert 0 == status
    assert 0 == last["Status"]
    assert created
    assert {*created, last["CourseId"]} <= course_ids(tmp_path)


def test_ctrl_c_ends_it_with_status_zero(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        for process_id in (*server.workers(), server.process.pid):
            os.kill(process_id, signal.SIGINT)

        assert 0 == server.process.wait(15)


@pytest.mark.parametrize("told", [(signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGTERM)])
def test_a_worker_that_is_told_twice_ends_as_one_that_is_told_once(tmp_path: Path, told: tuple[signal.Signals, ...]) -> None:
    with serving(tmp_path) as server:
        for process_id in (*server.workers(), server.process.pid):
            for each in told:
                os.kill(process_id, each)

        assert 0 == server.process.wait(15)


def test_a_signal_during_the_start_ends_it(tmp_path: Path) -> None:
    with serving(tmp_path, ready=False) as server:
        deadline = time.monotonic() + 10
        while len(server.workers()) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        preparing_and_loading = server.workers()
        server.process.send_signal(signal.SIGTERM)
        # The preparation is finished first; a worker that lost its signal would be killed after 30 seconds.
        server.process.wait(20)

        assert all(wait_for_end(process_id) for process_id in preparing_and_loading)


def test_a_signal_that_meets_a_worker_just_forked_ends_it(tmp_path: Path) -> None:
    slowly_forked = "import os, time; os.register_at_fork(after_in_child=lambda: time.sleep(0.5))"
    (tmp_path / "sitecustomize.py").write_text(slowly_forked)
    with serving(tmp_path, ready=False, PYTHONPATH=f"{tmp_path}{os.pathsep}{SOURCES}") as server:
        deadline = time.monotonic() + 10
        while len(server.workers()) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        just_forked = server.workers()[-1]
        server.process.send_signal(signal.SIGTERM)

        assert wait_for_end(just_forked)
        server.process.wait(10)


def test_a_worker_whose_end_is_learned_late_did_not_refuse_to_stop(tmp_path: Path) -> None:
    learned_late = """
import os, threading, time
wait = os.waitpid
def waitpid(process_id, options):
    answer = wait(process_id, options)
    if answer[0] and threading.current_thread() is not threading.main_thread():
        time.sleep(0.3)
    return answer
os.waitpid = waitpid
"""
    (tmp_path / "sitecustomize.py").write_text(learned_late)
    with serving(tmp_path, PYTHONPATH=f"{tmp_path}{os.pathsep}{SOURCES}") as server:
        server.process.send_signal(signal.SIGTERM)

        assert 0 == server.process.wait(15)
        assert "refused" not in server.log


def test_its_worker_ends_when_the_parent_is_killed_and_lets_the_next_server_in(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        (worker,) = server.workers()
        server.process.kill()
        server.process.wait()

        assert wait_for_end(worker)

    with serving(tmp_path) as server:
        assert server.answers()


def test_a_worker_that_dies_is_started_again_however_often(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        (worker,) = server.workers()
        for _ in range(2):
            os.kill(worker, signal.SIGKILL)
            worker = restarted_worker(server, after=worker)

        assert server.answers()


def test_two_workers_share_a_postgresql_database_and_count_together(tmp_path: Path, postgresql_url: str) -> None:
    with serving(tmp_path, "--workers", "2", ROLLBOOK_DATABASE_URL=postgresql_url) as server:
        assert 2 == len(server.workers())
        for _ in range(20):
            httpx.get(f"{server.url}/api/2.0/GetUser/1", headers={"api_key": "rb_unknown"})
        metrics = [line for line in httpx.get(f"{server.url}/metrics").text.splitlines() if line.startswith("rollbook_requests_total")]

    assert ['rollbook_requests_total{command="GetUser",status="30"} 20.0'] == metrics


@pytest.mark.parametrize("proxies, told", [("127.0.0.1", "203.0.113.7"), ("10.0.0.0/8", "127.0.0.1")])
def test_it_believes_a_proxy_that_it_was_told_of_and_nobody_else(tmp_path: Path, proxies: str, told: str) -> None:
    with serving(tmp_path, ROLLBOOK_TRUSTED_PROXIES=proxies) as server:
        httpx.get(f"http://127.0.0.1:{server.port}/sign-in", headers={"x-forwarded-for": "203.0.113.7"})

        assert f'"client":"{told}"' in server.log
