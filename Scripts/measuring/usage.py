"""What a process costs: CPU time and memory, read from /proc, the same way for every program."""
import os
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mebibytes(pid):
    """Resident memory now: (anonymous, all)."""
    with open(f"/proc/{pid}/status") as file:
        fields = dict(line.split(":", 1) for line in file if line.startswith(("RssAnon", "VmRSS")))
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("RssAnon", "VmRSS"))


class Usage(threading.Thread):
    """Follows a process from the start: its peaks of memory, and its CPU time between two marks."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak_anonymous, self.peak = pid, 0.0, 0.0
        self.marks = []
        self.stopped = threading.Event()
        self.start()

    def run(self):
        while not self.stopped.wait(0.1):
            try:
                anonymous, resident = memory_mebibytes(self.pid)
            except (OSError, KeyError):
                return
            self.peak_anonymous = max(self.peak_anonymous, anonymous)
            self.peak = max(self.peak, resident)

    def mark(self):
        self.marks.append((time.monotonic(), cpu_seconds(self.pid)))

    def finish(self):
        """CPU seconds per second between the first and the last mark, and the peaks in MiB."""
        self.stopped.set()
        (begin, before), (end, after) = self.marks[0], self.marks[-1]
        return {"cpu": (after - before) / (end - begin), "rss_anon_mib": self.peak_anonymous, "rss_mib": self.peak}
