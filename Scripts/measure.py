"""What the measuring scripts share: an embedded room, and readers of what programs say."""
import base64
import hashlib
import hmac
import json
import re
import subprocess
import time

KEY, SECRET = "devkey", "secret"


class Server:
    """`roomclient serve` on a free port, as a context: its URL."""

    def __init__(self, binary):
        self.binary = binary

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.binary, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            found = re.search(r"wss?://[0-9.]+:\d+", line)
            if found:
                return found.group(0)
        raise SystemExit("measure: the server did not say where it listens")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def lines_of(path):
    """The JSON lines of a file."""
    with open(path) as file:
        return [json.loads(line) for line in file if line.strip()]


def token(identity, room):
    """An access token for one participant (JWT, HS256)."""
    def encode(data):
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=")

    now = int(time.time())
    claims = {"iss": KEY, "sub": identity, "nbf": now - 5, "exp": now + 3600, "video": {"roomJoin": True, "room": room}}
    text = encode({"alg": "HS256", "typ": "JWT"}) + b"." + encode(claims)
    signature = base64.urlsafe_b64encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest()).rstrip(b"=")
    return (text + b"." + signature).decode()
