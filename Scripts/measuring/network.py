"""The networks of the comparison, and a link that is like one of them."""
import json
import os
import shutil
import subprocess
import sys

from ends import NEAR_ADDRESS, is_local


def share(percent):
    return percent / 100


CUT_SECONDS = 3
# In the order of the table. RTT and jitter hold for both directions, and so does everything else.
NETWORKS = {
    "clean": [{"at": 0}],
    "RTT 80 ms, loss 5 %": [{"at": 0, "delay": 0.04, "loss": share(5)}],
    "RTT 80 ms, loss 10 %": [{"at": 0, "delay": 0.04, "loss": share(10)}],
    "RTT 80 ms, 5 % in bursts of 5": [{"at": 0, "delay": 0.04, "loss": share(5), "burst": 5}],
    "RTT 60 ms, jitter 30 ms": [{"at": 0, "delay": 0.03, "jitter": 0.03}],
    "3 Mbit/s, 500 kbit/s for 20 s, 3 Mbit/s": [
        {"at": 0, "delay": 0.03, "rate": 3_000_000}, {"at": 6, "rate": 500_000}, {"at": 26, "rate": 3_000_000}],
    "link cut for 3 s": [{"at": 0, "delay": 0.01}, {"at": 10, "cut": True}, {"at": 10 + CUT_SECONDS, "cut": False}],
}


def obstacle(foreign):
    """Why no bad network can be made here, in front of a server that runs already if there is one; or None."""
    if os.geteuid() != 0:
        return "bad networks need root (network namespaces)"
    if not os.path.exists("/dev/net/tun"):
        return "bad networks need /dev/net/tun"
    if foreign and not is_local(foreign.host) and not shutil.which("nft"):
        return "bad networks in front of a server elsewhere need nft (package nftables)"
    return None


class Network:
    """A link between the namespaces `near`, where the server lives, and `far`, as a context.

    In front of a foreign server there is no `near`: what would live there lives outside of any namespace.
    """

    def __init__(self, conditions, foreign=None):
        self.conditions, self.foreign = conditions, foreign
        self.near, self.far = (f"bench-{side}-{os.getpid()}" for side in ("near", "far"))
        self.server_address = NEAR_ADDRESS

    def __enter__(self):
        script = os.path.join(os.path.dirname(__file__), "link.py")
        server = ["--server", self.foreign.host] if self.foreign else []
        self.process = subprocess.Popen(
            [sys.executable, script, *server, self.near, self.far, json.dumps(self.conditions)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "ready":
            raise SystemExit("bench: the link could not be made")
        return self

    def __exit__(self, *_):
        self.report()

    def inside(self, name):
        """The words before a command that is to run there."""
        return [] if self.foreign and name == self.near else ["ip", "netns", "exec", name]

    def begin(self):
        """Starts the schedule of conditions."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def report(self):
        """Ends the link; what it carried."""
        if not self.process.stdin.closed:
            output, _ = self.process.communicate()
            self.result = json.loads(output)
        return self.result
