"""Publishers and subscribers, ours and theirs, as child processes that write down what they see."""
import contextlib
import os
import signal
import subprocess
import sys
import time

from server import token

PEER = os.path.join(os.path.dirname(__file__), "..", "..", "Tests", "InteropTests", "Peers", "peer.py")


class Participant:
    """One running program; `log` holds its JSON lines, `pictures` and `sound` what arrived."""

    def __init__(self, command, log=None, pictures=None, sound=None, stdin=subprocess.DEVNULL, stdout=None):
        self.log, self.pictures, self.sound = log, pictures, sound
        self.begin = time.monotonic()
        self.process = subprocess.Popen(
            command, stdin=stdin, stdout=stdout or subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def pid(self):
        return self.process.pid

    def end(self):
        """Asks it to leave, and waits until it has."""
        if self.process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(b"leave\n")
                self.process.stdin.flush()
        else:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Cast:
    """Makes the participants of one call; `folder` takes their files."""

    def __init__(self, tools, server, folder, speech):
        self.tools, self.server, self.folder, self.speech = tools, server, folder, speech

    def path(self, name):
        return os.path.join(self.folder, name)

    def our_publisher(self, room, name="publisher", prefix=(), size="1280x720"):
        return self._roomclient(
            room, name, prefix, "--camera", "pattern", "--camera-size", size, "--microphone", f"file:{self.speech}",
            "--no-auto-subscribe")

    def our_subscriber(self, room, name="subscriber", prefix=()):
        return self._roomclient(room, name, prefix, "--camera", "none", "--microphone", "none")

    def our_probe(self, room, seconds, name="subscriber", prefix=()):
        pictures, sound = self.path(f"{name}.csv"), self.path(f"{name}.wav")
        command = [*prefix, self.tools.probe, self.server.url, token(self.server, name, room), pictures, sound,
                   str(seconds)]
        return Participant(command, pictures=pictures, sound=sound)

    def their_publisher(self, room, name="publisher", prefix=(), size="1280x720", codec="vp8"):
        return self._peer(
            room, name, prefix, "--video", codec, "--simulcast", "--size", size, "--speech", self.speech)

    def their_subscriber(self, room, name="subscriber", prefix=()):
        return self._peer(room, name, prefix)

    def their_probe(self, room, seconds, name="subscriber", prefix=()):
        pictures, sound = self.path(f"{name}.csv"), self.path(f"{name}.wav")
        return self._peer(
            room, name, prefix, "--pictures", pictures, "--sound", sound, pictures=pictures, sound=sound)

    def _roomclient(self, room, name, prefix, *arguments):
        log = self.path(f"{name}.jsonl")
        command = [*prefix, self.tools.roomclient, "--url", self.server.url, "--token",
                   token(self.server, name, room), "--no-prompt", "--view", "none", "--log-level", "error",
                   "--speaker", "none", "--stats", log, *arguments]
        return Participant(command, log=log)

    def _peer(self, room, name, prefix, *arguments, **files):
        log = self.path(f"{name}.jsonl")
        command = [*prefix, sys.executable, "-u", PEER, "--url", self.server.url, "--token",
                   token(self.server, name, room), *arguments]
        with open(log, "w") as output:
            return Participant(command, log=log, stdin=subprocess.PIPE, stdout=output, **files)
