"""Two network namespaces and a bad link between them: run as root, `link.py NEAR FAR CONDITIONS`.

CONDITIONS is a JSON list of {"at": seconds, ...}: from then on the link is so, in both directions (words of `Pipe`).
Prints "ready", begins at a line "go" on standard input, and at its end prints what was carried, and when each condition
began, as one JSON line. Carries packets between two TUN devices itself, because not every kernel has netem.
"""
import ctypes
import fcntl
import json
import os
import select
import struct
import subprocess
import sys
import time

from pipe import Pipe

NEAR_ADDRESS, FAR_ADDRESS = "10.99.0.1", "10.99.0.2"
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
CLONE_NEWNET = 0x40000000


class Namespace:
    """A network namespace with one TUN device, as a context: the device's file."""

    def __init__(self, name, address, peer):
        self.name, self.address, self.peer = name, address, peer

    def __enter__(self):
        self.run("netns", "add", self.name)
        device = self.open_device()
        inside = ["netns", "exec", self.name, "ip"]
        self.run(*inside, "link", "set", "lo", "up")
        self.run(*inside, "address", "add", self.address, "peer", self.peer, "dev", "tun0")
        self.run(*inside, "link", "set", "tun0", "up", "mtu", "1500")
        self.run(*inside, "route", "add", "default", "dev", "tun0")
        return device

    def __exit__(self, *_):
        self.run("netns", "delete", self.name)

    def run(self, *words):
        subprocess.run(["ip", *words], check=True)

    def open_device(self):
        """A device belongs to the namespace in which it is opened; its file works from everywhere."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/self/ns/net") as home, open(f"/run/netns/{self.name}") as there:
            if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
            try:
                device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
                fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH14x", b"tun0", IFF_TUN | IFF_NO_PI))
                return device
            finally:
                libc.setns(home.fileno(), CLONE_NEWNET)


class Link:
    """Carries packets until standard input closes."""

    def __init__(self, near, far, conditions):
        self.conditions = sorted(conditions, key=lambda condition: condition["at"])
        self.begun, self.changes = None, []
        self.pipes = {near: (Pipe(1), far), far: (Pipe(2), near)}
        # The first condition holds from the start, before the measurement begins.
        self.change(self.conditions.pop(0))

    def change(self, condition):
        words = {word: value for word, value in condition.items() if word != "at"}
        self.changes.append({"time": time.monotonic(), **words})
        for pipe, _ in self.pipes.values():
            pipe.condition.update(words)

    def run(self):
        poll = select.epoll()
        for device in self.pipes:
            poll.register(device, select.EPOLLIN)
        poll.register(sys.stdin.fileno(), select.EPOLLIN)
        while True:
            for descriptor, _ in poll.poll(self.patience()):
                if descriptor in self.pipes:
                    self.take(descriptor)
                elif not os.read(descriptor, 64):
                    return
                else:
                    self.begun = time.monotonic()
            self.deliver()

    def patience(self):
        now = time.monotonic()
        times = [at for at in (pipe.next_event() for pipe, _ in self.pipes.values()) if at is not None]
        if self.begun and self.conditions:
            times.append(self.begun + self.conditions[0]["at"])
        return max(0.0, min(times) - now) if times else 1.0

    def take(self, device):
        pipe, _ = self.pipes[device]
        now = time.monotonic()
        for _ in range(64):
            try:
                pipe.put(os.read(device, 2048), now)
            except BlockingIOError:
                return

    def deliver(self):
        now = time.monotonic()
        if self.begun and self.conditions and self.begun + self.conditions[0]["at"] <= now:
            self.change(self.conditions.pop(0))
        for pipe, device in self.pipes.values():
            for packet in pipe.advance(now):
                try:
                    os.write(device, packet)
                except OSError:
                    pipe.counts["refused"] += 1

    def report(self):
        names = ("from_server", "to_server")
        return {"changes": self.changes, **{
            name: {**pipe.counts, "waits": [[round(end, 3), round(wait, 4)] for end, wait in pipe.waits]}
            for name, (pipe, _) in zip(names, self.pipes.values())}}


def main():
    near, far, conditions = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    os.nice(-10)
    with (Namespace(near, NEAR_ADDRESS, FAR_ADDRESS) as first, Namespace(far, FAR_ADDRESS, NEAR_ADDRESS) as second):
        link = Link(first, second, conditions)
        print("ready", flush=True)
        link.run()
    print(json.dumps(link.report()), flush=True)


if __name__ == "__main__":
    main()
