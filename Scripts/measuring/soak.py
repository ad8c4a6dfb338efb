"""Two roomclients in one embedded room for some minutes; prints one line per criterion and fails if one fails."""
import json
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np

from lines import lines_of
from server import Server

TONE = 440


def call(binary, minutes, folder):
    """Runs the call; the exit statuses and the statistics of sender and receiver."""
    seconds = int(minutes * 60)
    with Server(binary) as server:
        common = [binary, "--url", server.url, "--api-key", server.key, "--api-secret", server.secret, "--no-prompt",
                  "--view", "none", "--log-level", "warning"]
        receiver = subprocess.Popen(
            common + ["--camera", "none", "--microphone", "none", "--speaker", f"file:{folder}/heard.wav",
                      "--stats", f"{folder}/receiver.jsonl", "--duration", str(seconds + 6)])
        sender = subprocess.Popen(
            common + ["--camera", "pattern", "--microphone", f"tone:{TONE}", "--speaker", "none",
                      "--no-noise-suppression", "--no-auto-gain", "--no-echo-cancellation",
                      "--stats", f"{folder}/sender.jsonl", "--duration", str(seconds + 3)])
        statuses = {"sender": sender.wait(seconds + 60), "receiver": receiver.wait(seconds + 60)}
    return statuses, {name: lines_of(f"{folder}/{name}.jsonl") for name in statuses}


def phase_steps(path):
    """Largest deviation of the tone's phase from an even run, in cycles, and the share of silence between first
    and last sound. A missing or doubled packet of 20 ms would show as 0.2 cycles or more."""
    with wave.open(str(path)) as file:
        rate, channels = file.getframerate(), file.getnchannels()
        sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)[::channels].astype(np.float64)
    window = rate // 100
    count = len(sound) // window
    blocks = sound[: count * window].reshape(count, window)
    loud = np.flatnonzero(np.abs(blocks).max(axis=1) > 500)
    # The first two seconds belong to the start: fading in, settling of the jitter buffer.
    blocks = blocks[loud[0] + 200 : loud[-1] - 20]
    carrier = np.exp(-2j * np.pi * TONE * np.arange(window) / rate)
    step = np.exp(-2j * np.pi * TONE * window / rate)
    phases = np.angle((blocks @ carrier) * step ** np.arange(len(blocks))) / (2 * np.pi)
    jumps = np.diff(phases)
    jumps -= np.round(jumps)
    return float(np.abs(jumps).max()), float((np.abs(blocks).max(axis=1) < 500).mean()), len(blocks) / 100


def memory(lines, second):
    near = [line for line in lines if line["event"] == "stats"]
    return min(near, key=lambda line: abs(line["t"] - second))["rss_mib"]


def main():
    binary, minutes = sys.argv[1], float(sys.argv[2])
    failures = 0

    def judge(what, is_fine, figure):
        nonlocal failures
        failures += not is_fine
        print(f"{'ok  ' if is_fine else 'FAIL'}  {what}: {figure}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        statuses, lines = call(binary, minutes, folder)
        judge("both processes end with status 0", not any(statuses.values()), statuses)
        late, early = minutes * 60, min(120, minutes * 60 / 5)
        for name in statuses:
            growth = memory(lines[name], late) - memory(lines[name], early)
            judge(f"memory of the {name} grows by at most 3 MiB", growth <= 3, f"{growth:+.2f} MiB")
        summary = next(line for line in reversed(lines["receiver"]) if line["event"] == "summary")
        lost = sum(track["lost"] for track in summary["receive"])
        judge("no packet is lost", lost == 0, f"{lost} of {sum(t['packets'] for t in summary['receive'])}")
        video = next(track for track in summary["receive"] if track["kind"] == "video")
        print(f"      pictures: {video['fps']:.1f} a second, latency {video['latency_ms']}, frozen {video['frozen_ms']} ms")
        jump, silence, seconds = phase_steps(Path(folder) / "heard.wav")
        judge("the tone has no gap", jump < 0.1 and silence == 0, f"largest step {jump:.4f} cycles in {seconds:.0f} s")
    sys.exit(1 if failures else 0)


main()
