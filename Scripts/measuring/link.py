"""Two network namespaces and a bad link between them: run as root, `link.py NEAR FAR CONDITIONS`.

With `--server HOST` the near end is this machine itself, and the far one reaches that server through it.

CONDITIONS is a JSON list of {"at": seconds, ...}: from then on the link is so, in both directions (words of `Pipe`).
Prints "ready", begins at a line "go" on standard input, and at its end prints what was carried, and when each condition
began, as one JSON line. Carries packets between two TUN devices itself, because not every kernel has netem.
"""
import argparse
import json
import os
import select
import sys
import time

from ends import FAR_ADDRESS, NEAR_ADDRESS, Machine, Namespace
from pipe import Pipe

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
    parser = argparse.ArgumentParser()
    parser.add_argument("--server")
    parser.add_argument("near")
    parser.add_argument("far")
    parser.add_argument("conditions", type=json.loads)
    options = parser.parse_args()
    os.nice(-10)
    near = (Machine(NEAR_ADDRESS, FAR_ADDRESS, options.server) if options.server else
            Namespace(options.near, NEAR_ADDRESS, FAR_ADDRESS))
    far = Namespace(options.far, FAR_ADDRESS, NEAR_ADDRESS, has_loopback=not options.server)
    with near as first, far as second:
        link = Link(first, second, options.conditions)
        print("ready", flush=True)
        link.run()
    print(json.dumps(link.report()), flush=True)


if __name__ == "__main__":
    main()
