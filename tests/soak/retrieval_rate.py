#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How fast pieces come out of a daemon's memory by HTTP, beside what bounds it on this machine.

    tests/soak/retrieval_rate.py build/release/bin/fil-fil

A devnet, a daemon, a snapshot in memory; then 1, 8 and 200 clients that read all of its piece, or ranges of it, and drop
what they get. The bound is the same clients at a server that sends zeros from one buffer over plain sockets, without HTTP
and without looking anything up. Needs Python 3.9 and nothing else.
"""
import argparse
import json
import multiprocessing
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

MIB = 1 << 20


def receive(link, left, buffer):
    while left > 0:
        got = link.recv_into(buffer, min(left, len(buffer)))
        if got == 0:
            raise RuntimeError(f"the connection ended {left} bytes early")
        left -= got


def get(link, path, begin, size, buffer):
    link.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nRange: bytes={begin}-{begin + size - 1}\r\n\r\n".encode())
    while (end := (head := link.recv(4096, socket.MSG_PEEK)).find(b"\r\n\r\n")) < 0:
        if not head:
            raise RuntimeError("the connection ended before the answer")
    if not head.startswith(b"HTTP/1.1 206 "):
        raise RuntimeError(head.decode(errors="replace"))
    link.recv(end + 4)
    receive(link, size, buffer)


def plain(link, size, buffer):
    link.sendall(size.to_bytes(8, "little"))
    receive(link, size, buffer)


def send_plainly(connection):
    zeros = memoryview(bytes(MIB))
    while (asked := connection.recv(8)) != b"":
        left = int.from_bytes(asked, "little")
        while left > 0:
            left -= connection.send(zeros[: min(left, len(zeros))])


def serve_plainly(listener):
    while True:
        connection = listener.accept()[0]
        threading.Thread(target=send_plainly, args=(connection,), daemon=True).start()


def rate(address, clients, size, requests, ask):
    """Bytes a second of all clients together; they begin at the same time."""
    links = [socket.create_connection(address) for _ in range(clients)]
    barrier, errors = threading.Barrier(clients + 1), []

    def client(number):
        buffer = bytearray(256 * 1024)
        barrier.wait()
        try:
            for request in range(requests):
                ask(links[number], number * requests + request, size, buffer)
        except Exception as error:    # pylint: disable=broad-except
            errors.append(error)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    for link in links:
        link.close()
    if errors:
        raise errors[0]
    return clients * requests * size / seconds


def copy_rate():
    source, target = memoryview(bytes(256 * MIB)), memoryview(bytearray(256 * MIB))
    target[:] = source
    began = time.monotonic()
    for _ in range(4):
        target[:] = source
    return 4 * len(source) / (time.monotonic() - began)


def measure(program, folder, repeat):
    data = str(folder / "data")
    for name, value in {"retrieval.requests_per_second_per_peer": "0", "retrieval.connections_per_peer": "1000"}.items():
        subprocess.run([program, "config", "set", name, value, "--data", data], stdout=subprocess.DEVNULL, check=True)
    devnet = subprocess.Popen([program, "devnet", "--json", "--port", "0", "--state", "200MiB", "--period", "60min"],
                              stdout=subprocess.PIPE)
    daemon = listener = server = None
    try:
        url = json.loads(devnet.stdout.readline())["url"]
        daemon = subprocess.Popen([program, "daemon", "--json", "--network", "devnet", "--node", url, "--bootstrap", "node",
                                   "--data", data, "--api", "127.0.0.1:0", "--retrieval", "127.0.0.1:0", "--log-level",
                                   "error"], stdout=subprocess.PIPE)
        host, port = json.loads(daemon.stdout.readline())["retrieval"].rsplit(":", 1)

        def ask(*words):
            return json.loads(subprocess.run([program, *words, "--data", data, "--json"], capture_output=True, check=True).stdout)

        while ask("status")["state"] != "synced":
            time.sleep(0.2)
        piece = ask("take-snapshot", "--no-file")["pieces"][0]
        path, payload = "/piece/" + piece["piece_cid"], piece["payload_size"]

        listener = socket.create_server(("127.0.0.1", 0), backlog=1000)
        server = multiprocessing.Process(target=serve_plainly, args=(listener,), daemon=True)
        server.start()
        print(f"piece of {payload / MIB:.0f} MiB; copying in memory {copy_rate() / 1e9:.1f} GB/s; load average "
              f"{os.getloadavg()[0]:.1f}, {os.cpu_count()} CPUs")
        print("| clients | each reads | retrieval, GB/s | plain sockets, GB/s | ratio |\n| --- | --- | --- | --- | --- |")
        for clients, size, requests in ((1, payload, 4), (8, payload, 1), (200, 8 * MIB, 1), (200, MIB, 8), (200, 64 * 1024, 40)):
            def from_daemon(link, number, size, buffer):
                get(link, path, number * size % (payload - size + 1), size, buffer)

            def from_plain(link, _, size, buffer):
                plain(link, size, buffer)

            runs = [(rate((host, int(port)), clients, size, requests, from_daemon),
                     rate(listener.getsockname(), clients, size, requests, from_plain)) for _ in range(repeat)]
            ours, bound = (statistics.median(run[i] for run in runs) / 1e9 for i in (0, 1))
            each = "the piece" if size == payload else f"ranges of {size // 1024} KiB"
            print(f"| {clients} | {requests} × {each} | {ours:.2f} | {bound:.2f} | {ours / bound:.2f} |", flush=True)
        usage = ask("status")["retrieval"]
        if usage["refused"] != 0:
            raise RuntimeError(f"refused: {usage}")
    finally:
        for process in (daemon, devnet):
            if process is not None:
                process.terminate()
                process.wait()
        if server is not None:
            server.terminate()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="fil-fil")
    parser.add_argument("--repeat", type=int, default=5, help="the median of so many runs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(options.program, pathlib.Path(folder), options.repeat)


if __name__ == "__main__":
    sys.exit(main())
