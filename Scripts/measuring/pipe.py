"""One direction of a bad link, as a value: packets go in with the time, and come out when they would arrive."""
import collections
import random


class Pipe:
    """Loses, queues and delays packets.

    `condition` may change at any time: `loss` (share of packets), `burst` (mean length of a loss in packets; Gilbert's
    model above 1), `delay` and `jitter` (seconds one way; jitter is the standard deviation of a normal distribution,
    order is kept), `rate` (bits per second; 0 = no limit), `cut`. The queue in front of the limit holds `QUEUE` seconds
    and drops what comes when it is full.
    """

    QUEUE = 0.3

    def __init__(self, seed, **condition):
        self.random = random.Random(seed)
        self.condition = {"loss": 0.0, "burst": 1.0, "delay": 0.0, "jitter": 0.0, "rate": 0, "cut": False, **condition}
        self.losing = False
        # Waiting for the narrow place, and behind it; the latter in order of arrival.
        self.waiting, self.travelling = collections.deque(), collections.deque()
        self.waiting_bytes = 0
        self.free_at = self.last_arrival = 0.0
        self.waits = []
        self.counts = collections.Counter()

    def put(self, packet, now):
        self.counts["packets"] += 1
        if self.condition["cut"] or self.loses():
            self.counts["lost"] += 1
            return
        rate = self.condition["rate"]
        if rate and self.waiting_bytes * 8 / rate > self.QUEUE:
            self.counts["overflowed"] += 1
            return
        self.waiting.append((now, packet))
        self.waiting_bytes += len(packet)

    def loses(self):
        share, burst = self.condition["loss"], self.condition["burst"]
        if share <= 0:
            return False
        if burst <= 1:
            return self.random.random() < share
        # Leaves the losing state so often that it lasts `burst` packets, enters it so often that the mean is `share`.
        stay, enter = 1 - 1 / burst, share / (1 - share) / burst
        self.losing = self.random.random() < (stay if self.losing else enter)
        return self.losing

    def advance(self, now):
        """Moves packets on; those that arrive now, in order."""
        rate = self.condition["rate"]
        while self.waiting:
            entered, packet = self.waiting[0]
            begin = max(entered, self.free_at)
            end = begin + (len(packet) * 8 / rate if rate else 0)
            if end > now:
                break
            self.waiting.popleft()
            self.waiting_bytes -= len(packet)
            self.free_at = end
            self.waits.append((end, begin - entered))
            delay = self.condition["delay"]
            if self.condition["jitter"]:
                delay = max(0.0, self.random.gauss(delay, self.condition["jitter"]))
            self.last_arrival = max(self.last_arrival, end + delay)
            self.travelling.append((self.last_arrival, packet))
        while self.travelling and self.travelling[0][0] <= now:
            yield self.travelling.popleft()[1]

    def next_event(self):
        """When something moves by itself, or None."""
        times = [self.travelling[0][0]] if self.travelling else []
        if self.waiting:
            entered, packet = self.waiting[0]
            rate = self.condition["rate"]
            times.append(max(entered, self.free_at) + (len(packet) * 8 / rate if rate else 0))
        return min(times) if times else None
