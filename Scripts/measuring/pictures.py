"""What a viewer saw, from the log of decoded pictures that either program's sink wrote."""
import numpy as np

# The standard's threshold (webrtc-stats, freezeCount): an interval of 30 a second and 150 ms.
FREEZE = 0.183


class Pictures:
    """Arrival times in seconds of the monotonic clock, latencies in milliseconds, heights."""

    def __init__(self, path):
        rows = []
        with open(path) as file:
            for line in file:
                fields = line.strip().split(",")
                if len(fields) == 4:
                    rows.append([float(field) if field else np.nan for field in fields])
        table = np.array(rows).reshape(-1, 4)
        self.arrivals, self.heights = table[:, 0] / 1e6, table[:, 3]
        self.latencies = (table[:, 0] - table[:, 1]) / 1e3

    def figures(self, end, full_height=720):
        """Of the time from the first picture to `end`, in which the last gap may still be open."""
        before = self.arrivals <= end
        arrivals, latencies = self.arrivals[before], self.latencies[before]
        if len(arrivals) < 2:
            return {"frozen_s": None, "longest_gap_s": None, "fps": 0.0, "p50_ms": None, "p95_ms": None, "full": 0.0}
        gaps = np.diff(np.append(arrivals, end))
        readable = latencies[~np.isnan(latencies)]
        return {
            "frozen_s": float(gaps[gaps > FREEZE].sum()),
            "longest_gap_s": float(gaps.max()),
            "fps": float(len(arrivals) / (end - arrivals[0])),
            "p50_ms": float(np.percentile(readable, 50)) if len(readable) else None,
            "p95_ms": float(np.percentile(readable, 95)) if len(readable) else None,
            "full": float((self.heights[before] >= full_height).mean()),
        }

    def first_after(self, instant):
        """Seconds from `instant` to the next picture, or None when none came."""
        later = self.arrivals[self.arrivals > instant]
        return float(later[0] - instant) if len(later) else None
