"""Clean loopback: latency, what it costs, how fast it begins; the programs themselves, 720p30 VP8 simulcast and speech."""
import time

from lines import first, lines_of
from measures import Measure, medians
from usage import Usage

MEASURES = [
    Measure("p50_ms", "latency p50, ms", ".1f", 0.8),
    Measure("p95_ms", "latency p95, ms", ".1f", 1.0),
    Measure("fps", "pictures a second", ".1f", 1.0, True, 0.3),
    Measure("full", "share of full-size pictures", ".2f", 1.0, True, 0.02),
    Measure("publisher_cpu", "CPU of the publisher, cores", ".3f", 0.8),
    Measure("subscriber_cpu", "CPU of the subscriber, cores", ".3f", 0.8),
    Measure("publisher_rss_anon_mib", "publisher RssAnon peak, MiB", ".0f", 0.6),
    Measure("subscriber_rss_anon_mib", "subscriber RssAnon peak, MiB", ".0f", 0.6),
    Measure("publisher_rss_mib", "publisher RSS peak, MiB", ".0f", 1.0),
    Measure("subscriber_rss_mib", "subscriber RSS peak, MiB", ".0f", 1.0),
    Measure("join_ms", "join, ms", ".0f", 1.0),
    Measure("first_ms", "first picture, ms", ".0f", 1.0),
]
SETTLING = 3


def call(cast, side, room, seconds):
    """One call; its figures."""
    publish, subscribe, read = {
        "ours": (cast.our_publisher, cast.our_subscriber, seen_by_us),
        "theirs": (cast.their_publisher, cast.their_subscriber, seen_by_them)}[side]
    publisher = publish(room)
    usages = {"publisher": Usage(publisher.pid)}
    time.sleep(SETTLING)
    subscriber = subscribe(room)
    usages["subscriber"] = Usage(subscriber.pid)
    time.sleep(SETTLING)
    for usage in usages.values():
        usage.mark()
    time.sleep(seconds)
    for usage in usages.values():
        usage.mark()
    figures = {f"{name}_{key}": value for name, usage in usages.items() for key, value in usage.finish().items()}
    subscriber.end()
    publisher.end()
    return figures | read(lines_of(subscriber.log))


def seen_by_us(lines):
    video = next((track for line in lines if line["event"] == "summary" for track in line["receive"]
                  if track["kind"] == "video"), None)
    if not video:
        return {}
    tracks = [track for line in lines if line["event"] == "stats" for track in line["receive"]
              if track["kind"] == "video"][SETTLING:-1]
    rates = [track["fps"] for track in tracks]
    latency, joined = video["latency_ms"] or {}, first(lines, "joined")
    begun = first(lines, "first_frame", kind="video")
    return {"p50_ms": latency.get("p50"), "p95_ms": latency.get("p95"), "fps": sum(rates) / max(1, len(rates)),
            "full": share_of_full_size(tracks),
            "join_ms": joined and joined["ms"], "first_ms": begun and begun["ms"]}


def seen_by_them(lines):
    reports = [line for line in lines if line["event"] == "video"]
    if len(reports) < 2 * SETTLING + 2:
        return {}
    begin, end = reports[2 * SETTLING], reports[-1]
    start = first(lines, "connecting")["t"]
    return {"p50_ms": end["latency_ms"], "p95_ms": end["latency_p95_ms"],
            "fps": (end["frames"] - begin["frames"]) / (end["t"] - begin["t"]),
            "full": share_of_full_size(reports[2 * SETTLING :]),
            "join_ms": (first(lines, "joined")["t"] - start) * 1000,
            "first_ms": (first(lines, "first_frame", kind="video")["t"] - start) * 1000}


def share_of_full_size(reports):
    return sum(report["height"] == 720 for report in reports) / max(1, len(reports))


def measure(cast, table, runs, seconds):
    seen = {"ours": [], "theirs": []}
    for run in range(runs):
        for side, figures in seen.items():
            figures.append(call(cast, side, f"clean-{side}-{run}", seconds))
    table.block(f"clean loopback, 720p30 VP8 simulcast and speech (median of {runs}, {seconds} s each)", MEASURES,
                medians(seen["ours"]), medians(seen["theirs"]), runs=seen)
