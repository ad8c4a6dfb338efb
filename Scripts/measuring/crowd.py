"""Several remote participants with 360p: does the subscriber cost more than their decoding?"""
import time

from lines import lines_of
from measures import Measure, medians
from usage import Usage

COUNTS = (1, 4, 9)
MEASURES = [
    Measure("cpu", "CPU of the subscriber, cores", ".3f", 1.0),
    Measure("growth", "the same, times that of 1 participant", ".2f"),
    Measure("decoding", "decoding alone, cores", ".3f"),
    Measure("pictures", "pictures a second, all together", ".0f", 1.0, True, 5),
]


def subscriber_figures(subscribe, room, read, seconds):
    subscriber = subscribe(room)
    usage = Usage(subscriber.pid)
    time.sleep(4)
    usage.mark()
    time.sleep(seconds)
    usage.mark()
    figures = {"cpu": usage.finish()["cpu"]}
    subscriber.end()
    return figures | read(lines_of(subscriber.log))


def seen_by_us(lines):
    last = [line for line in lines if line["event"] == "stats"][-2]
    videos = [track for track in last["receive"] if track["kind"] == "video"]
    return {"pictures": sum(track["fps"] for track in videos),
            "decoding": sum(track["fps"] * track["decode_ms"] for track in videos) / 1000}


def seen_by_them(lines):
    rate = 0.0
    for who in {line["who"] for line in lines if line["event"] == "video"}:
        reports = [line for line in lines if line["event"] == "video" and line["who"] == who]
        begin, end = reports[len(reports) // 2], reports[-1]
        rate += (end["frames"] - begin["frames"]) / max(0.1, end["t"] - begin["t"])
    return {"pictures": rate}


def measure(cast, table, runs, seconds):
    """The same publishers for both: ours, which leave more of the machine to the subscriber."""
    alone = {}
    for count in COUNTS:
        room = f"crowd-{count}"
        publishers = [cast.our_publisher(room, name=f"publisher-{number}", size="640x360") for number in range(count)]
        time.sleep(3)
        seen = {"ours": [], "theirs": []}
        for _ in range(runs):
            seen["ours"].append(subscriber_figures(cast.our_subscriber, room, seen_by_us, seconds))
            seen["theirs"].append(subscriber_figures(cast.their_subscriber, room, seen_by_them, seconds))
        for publisher in publishers:
            publisher.end()
        both = {side: medians(figures) for side, figures in seen.items()}
        for side, figures in both.items():
            figures["growth"] = figures["cpu"] / alone.setdefault(side, figures["cpu"])
        # Decoding alone costs each participant the same.
        goals = [*MEASURES[:1], Measure("growth", MEASURES[1].label, ".2f", limit=float(count)), *MEASURES[2:]]
        table.block(f"{count} remote 360p participants", goals, both["ours"], both["theirs"], runs=seen)
