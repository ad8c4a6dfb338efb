"""The room server of a measurement, and who may enter it."""
import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import time
import urllib.parse


class Server:
    """An address with a key: `roomclient serve` on a free port, as a context that gives itself."""

    def __init__(self, binary, host=None, prefix=()):
        self.command = [*prefix, binary, "serve", "--port", "0", "--log-level", "error"]
        self.key, self.secret = "devkey", "secret"
        if host:
            self.secret = "a-secret-between-namespaces-of-one-machine"
            self.command += ["--bind", host, "--keys", f"{self.key}:{self.secret}"]

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            found = re.search(r"wss?://[0-9.]+:\d+", line)
            if found:
                self.url = found.group(0)
                return self
        raise SystemExit("measuring: the server did not say where it listens")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


class ForeignServer:
    """A server that runs already: `LIVEKIT_URL` and its key."""

    def __init__(self):
        self.url = os.environ["LIVEKIT_URL"]
        self.host = urllib.parse.urlsplit(self.url).hostname
        self.key, self.secret = os.environ.get("LIVEKIT_API_KEY", ""), os.environ.get("LIVEKIT_API_SECRET", "")
        if not self.key or not self.secret:
            raise SystemExit("bench: LIVEKIT_URL is set; set LIVEKIT_API_KEY and LIVEKIT_API_SECRET too")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def token(server, identity, room):
    """An access token for one participant (JWT, HS256)."""
    def encode(data):
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=")

    now = int(time.time())
    claims = {"iss": server.key, "sub": identity, "nbf": now - 5, "exp": now + 3600,
              "video": {"roomJoin": True, "room": room}}
    text = encode({"alg": "HS256", "typ": "JWT"}) + b"." + encode(claims)
    signature = base64.urlsafe_b64encode(hmac.new(server.secret.encode(), text, hashlib.sha256).digest()).rstrip(b"=")
    return (text + b"." + signature).decode()
