"""A bad network on one leg of a call: what the viewer sees and hears."""
import os
import time

import numpy as np

from measures import Measure, medians
from network import CUT_SECONDS, NETWORKS, Network
from participants import Cast
from pictures import Pictures
from server import Server
from speech import quality

LEGS = ("server to subscriber", "publisher to server")


def measures(network):
    """The goals for one network. The spreads are allowances chosen by hand, not measured."""
    is_cut = network.startswith("link cut")
    return [
        Measure("frozen_s", "frozen, s", ".2f", 0.5 if network == "RTT 80 ms, loss 5 %" else 1.0, spread=0.2),
        Measure("longest_gap_s", "longest gap, s", ".2f"),
        Measure("fps", "pictures a second", ".1f", 1.0, True, 0.5),
        Measure("p50_ms", "latency p50, ms", ".0f"),
        Measure("p95_ms", "latency p95, ms", ".0f", 1.0, spread=3),
        Measure("pesq", "PESQ, wide band", ".2f", 1.0, True, 0.05),
        Measure("full", "share of full-size pictures", ".2f", 1.0, True, 0.02),
        Measure("queue_ms", "queueing delay p95, ms", ".0f", 1.0, spread=5),
        Measure("back_s", "picture moves after the cut, s", ".2f", limit=0.5 if is_cut else None),
    ]


def call(tools, speech, folder, foreign, side, network, leg, seconds):
    """One call, through the foreign server if there is one; its figures."""
    with (Network(NETWORKS[network], foreign) as link,
          foreign or Server(tools.roomclient, link.server_address, link.inside(link.near)) as server):
        cast = Cast(tools, server, folder, speech)
        sending, receiving = (link.near, link.far) if leg == LEGS[0] else (link.far, link.near)
        publish, subscribe = {"ours": (cast.our_publisher, cast.our_probe),
                              "theirs": (cast.their_publisher, cast.their_probe)}[side]
        # A foreign server may remember a room for a while.
        room = f"impaired-{time.monotonic_ns()}"
        publisher = publish(room, prefix=link.inside(sending))
        time.sleep(4)
        subscriber = subscribe(room, seconds + 60, prefix=link.inside(receiving))
        wait_for_picture(subscriber.pictures)
        link.begin()
        time.sleep(seconds)
        end = time.monotonic()
        subscriber.end()
        publisher.end()
    figures = Pictures(subscriber.pictures).figures(end)
    figures["pesq"] = quality(speech, subscriber.sound)
    return figures | from_link(link.report(), leg, Pictures(subscriber.pictures))


def wait_for_picture(path):
    for _ in range(150):
        if os.path.exists(path) and os.path.getsize(path) > 0:
            return
        time.sleep(0.1)


def from_link(report, leg, pictures):
    """How long packets stood in the queue while the link was narrow, and when the picture moved after a cut."""
    figures, changes = {}, report["changes"]
    direction = report["from_server" if leg == LEGS[0] else "to_server"]
    narrow = [change["time"] for change in changes if "rate" in change]
    if narrow:
        waits = [wait for time, wait in direction["waits"] if narrow[1] < time < narrow[2]]
        figures["queue_ms"] = float(np.percentile(waits, 95)) * 1000 if waits else None
    mended = next((change["time"] for change in changes if change.get("cut") is False), None)
    if mended:
        figures["back_s"] = pictures.first_after(mended)
    return figures


def measure(tools, speech, folder, foreign, table, networks, legs, runs, seconds):
    for network in networks:
        for leg in legs:
            seen = {"ours": [], "theirs": []}
            for _ in range(runs):
                for side, figures in seen.items():
                    figures.append(call(tools, speech, folder, foreign, side, network, leg, seconds))
            title = f"{network}, {leg}" + (f" (median of {runs})" if runs > 1 else "")
            table.block(title, measures(network), medians(seen["ours"]), medians(seen["theirs"]),
                        runs=seen, network=network, leg=leg)
