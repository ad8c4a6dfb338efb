"""roomclient and the LiveKit Python SDK side by side: see bench.sh."""
import argparse
import collections
import contextlib
import json
import os
import tempfile

import clean
import crowd
import impaired
from network import NETWORKS, obstacle
from participants import Cast
from server import ForeignServer, Server
from speech import write_speech
from table import Table

Tools = collections.namedtuple("Tools", "roomclient probe")


def arguments():
    parser = argparse.ArgumentParser(prog="bench.sh", description="Measures ours beside theirs; prints a table.")
    parser.add_argument("--roomclient", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--probe", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=5, help="calls of each kind on the clean path; the median counts")
    parser.add_argument("--seconds", type=int, default=12, help="length of a call on the clean path")
    parser.add_argument("--network-runs", type=int, default=1,
                        help="calls of each kind on each bad network; the median counts")
    parser.add_argument("--network-seconds", type=int, default=34, help="length of a call on a bad network")
    parser.add_argument("--only", action="append", metavar="ROW", help="loopback, crowd, networks, or a part of the name "
                        "of a network; may be repeated")
    parser.add_argument("--leg", choices=("down", "up"), help="only server to subscriber, or only publisher to server")
    parser.add_argument("--json", metavar="FILE", help="writes every figure of every run there")
    return parser.parse_args()


def chosen_networks(only):
    if not only or "networks" in only:
        return list(NETWORKS)
    return [name for name in NETWORKS if any(part in name for part in only if part not in ("loopback", "crowd"))]


def on_loopback(tools, options, folder, speech, foreign, table):
    wanted = [name for name in ("loopback", "crowd") if not options.only or name in options.only]
    if not wanted:
        return
    with foreign or Server(tools.roomclient) as server:
        cast = Cast(tools, server, folder, speech)
        if "loopback" in wanted:
            clean.measure(cast, table, options.runs, options.seconds)
        if "crowd" in wanted:
            crowd.measure(cast, table, 1, options.seconds)


def on_networks(tools, options, folder, speech, foreign, table):
    networks = chosen_networks(options.only)
    legs = {None: impaired.LEGS, "down": impaired.LEGS[:1], "up": impaired.LEGS[1:]}[options.leg]
    if networks and (reason := obstacle(foreign)):
        print(f"\nNo bad networks: {reason}.")
    elif networks:
        impaired.measure(
            tools, speech, folder, foreign, table, networks, legs, options.network_runs, options.network_seconds)


def main():
    options = arguments()
    foreign = ForeignServer() if os.environ.get("LIVEKIT_URL") else None
    tools, table = Tools(options.roomclient, options.probe), Table()
    with tempfile.TemporaryDirectory() as folder:
        speech = os.path.join(folder, "speech.wav")
        write_speech(speech)
        with contextlib.suppress(KeyboardInterrupt):
            on_loopback(tools, options, folder, speech, foreign, table)
            on_networks(tools, options, folder, speech, foreign, table)
    table.close()
    if options.json:
        with open(options.json, "w") as file:
            json.dump(table.blocks, file, indent=1)


main()
