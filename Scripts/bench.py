"""Calls of some seconds with every pairing of roomclient and the Python SDK; one table row each."""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time

import measure

PEER = os.path.join(os.path.dirname(__file__), "..", "Tests", "InteropTests", "Peers", "peer.py")


def ours(binary, url, room, identity, seconds, stats, *arguments):
    return subprocess.Popen(
        [binary, "--url", url, "--api-key", measure.KEY, "--api-secret", measure.SECRET, "--room", room,
         "--identity", identity, "--no-prompt", "--view", "none", "--log-level", "error", "--speaker", "none",
         "--stats", stats, "--duration", str(seconds), *arguments], stdin=subprocess.DEVNULL)


def theirs(url, room, identity, output, *arguments):
    return subprocess.Popen(
        [sys.executable, "-u", PEER, "--url", url, "--token", measure.token(identity, room), *arguments],
        stdin=subprocess.PIPE, stdout=output, stderr=subprocess.DEVNULL)


def leave(peer):
    with contextlib.suppress(BrokenPipeError):
        peer.stdin.write(b"leave\n")
        peer.stdin.flush()
    try:
        peer.wait(10)
    except subprocess.TimeoutExpired:
        peer.kill()


def seen_by_us(path):
    lines = measure.lines_of(path)
    summary = next(line for line in reversed(lines) if line["event"] == "summary")
    joined = next((line["ms"] for line in lines if line["event"] == "joined"), None)
    first = next((l["ms"] for l in lines if l["event"] == "first_frame" and l["kind"] == "video"), None)
    video = next((track for track in summary["receive"] if track["kind"] == "video"), None)
    steady = [t["fps"] for l in lines if l["event"] == "stats" for t in l["receive"] if t["kind"] == "video"][2:-1]
    if not video:
        return None
    latency = video["latency_ms"] or {}
    return dict(join=joined, first=first, fps=sum(steady) / max(1, len(steady)), p50=latency.get("p50"),
                p95=latency.get("p95"), lost=video["lost"], cpu=summary["cpu_s"] / summary["seconds"])


def seen_by_them(path):
    lines = measure.lines_of(path)
    video = [line for line in lines if line["event"] == "video"]
    if len(video) < 4:
        return None
    joined = next(line["t"] for line in lines if line["event"] == "joined")
    first = next(line["t"] for line in lines if line["event"] == "first_frame")
    begin, end = video[1], video[-1]
    span = end["t"] - begin["t"]
    return dict(join=None, first=(first - joined) * 1000, fps=(end["frames"] - begin["frames"]) / span,
                p50=end["latency_ms"], p95=end["latency_p95_ms"], lost=end["missing"],
                cpu=(end["cpu_s"] - begin["cpu_s"]) / span)


def row(name, figures):
    def show(value, form):
        return format(value, form) if value is not None else "-"

    if figures is None:
        return print(f"{name:34} nothing arrived", flush=True)
    print(f"{name:34} {show(figures['join'], '7.0f')} {show(figures['first'], '7.0f')} {show(figures['fps'], '6.1f')} "
          f"{show(figures['p50'], '7.1f')} {show(figures['p95'], '7.1f')} {show(figures['lost'], '5d')} "
          f"{show(figures['cpu'], '6.2f')}", flush=True)


def pairing(binary, url, folder, seconds, name, sender, receiver):
    room = "bench-" + name.replace(" ", "-")
    path = f"{folder}/{room}.jsonl"
    if sender == "ours":
        source = ours(binary, url, room, "sender", seconds + 6, f"{folder}/sender.jsonl", "--camera", "pattern",
                      "--microphone", "tone")
    else:
        source = theirs(url, room, "sender", subprocess.DEVNULL, "--video", sender, "--tone", "440", "--size", "1280x720")
    time.sleep(3)
    if receiver == "ours":
        ours(binary, url, room, "receiver", seconds, path, "--camera", "none", "--microphone", "none").wait()
        figures = seen_by_us(path)
    else:
        with open(path, "w") as output:
            peer = theirs(url, room, "receiver", output)
            time.sleep(seconds)
            leave(peer)
        figures = seen_by_them(path)
    source.wait() if sender == "ours" else leave(source)
    row(name, figures)


def main():
    binary, seconds = sys.argv[1], int(sys.argv[2])
    measure.KEY = os.environ.get("LIVEKIT_API_KEY", measure.KEY)
    measure.SECRET = os.environ.get("LIVEKIT_API_SECRET", measure.SECRET)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = os.environ.get("LIVEKIT_URL") or stack.enter_context(measure.Server(binary))
        print(f"{'720p30 on loopback, sender > receiver':34} join ms 1st ms    fps  p50 ms  p95 ms  lost CPU/s")
        pairing(binary, url, folder, seconds, "roomclient > roomclient", "ours", "ours")
        pairing(binary, url, folder, seconds, "roomclient > Python SDK", "ours", "theirs")
        for codec in ("vp8", "h264", "vp9", "av1"):
            pairing(binary, url, folder, seconds, f"Python SDK {codec} > roomclient", codec, "ours")
        pairing(binary, url, folder, seconds, "Python SDK vp8 > Python SDK", "vp8", "theirs")


main()
