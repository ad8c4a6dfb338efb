"""The two ends of a bad link: network namespaces, or this machine itself in front of a server that runs already."""
import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import subprocess

NEAR_ADDRESS, FAR_ADDRESS = "10.99.0.1", "10.99.0.2"
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
CLONE_NEWNET = 0x40000000


class Namespace:
    """A network namespace with one TUN device, as a context: the device's file.

    Without `has_loopback` even 127.0.0.1 lies at the other end of the link.
    """

    def __init__(self, name, address, peer, has_loopback=True):
        self.name, self.address, self.peer, self.has_loopback = name, address, peer, has_loopback

    def __enter__(self):
        run("ip", "netns", "add", self.name)
        with inside(self.name):
            device = open_device("tun0")
        if self.has_loopback:
            self.run("ip", "link", "set", "lo", "up")
        else:
            self.run("sysctl", "-qw", "net.ipv4.conf.tun0.route_localnet=1")
        self.run("ip", "address", "add", self.address, "peer", self.peer, "dev", "tun0")
        self.run("ip", "link", "set", "tun0", "up", "mtu", "1500")
        self.run("ip", "route", "add", "default", "dev", "tun0", "src", self.address)
        return device

    def __exit__(self, *_):
        run("ip", "netns", "delete", self.name)

    def run(self, *words):
        run("ip", "netns", "exec", self.name, *words)


class Machine:
    """This machine with one more TUN device, as a context: the device's file.

    What comes out of the link reaches a server of this machine, whatever address it listens on. To a server elsewhere
    it goes under the machine's own address.
    """

    def __init__(self, address, peer, server):
        self.address, self.peer, self.server = address, peer, server
        self.name = f"bench-{os.getpid()}"

    def __enter__(self):
        self.device = open_device(self.name)
        run("sysctl", "-qw", f"net.ipv4.conf.{self.name}.route_localnet=1")
        run("ip", "address", "add", self.address, "peer", self.peer, "dev", self.name)
        run("ip", "link", "set", self.name, "up", "mtu", "1500")
        self.forwarded = None if is_local(self.server) else self.begin_forwarding()
        return self.device

    def __exit__(self, *_):
        os.close(self.device)
        if self.forwarded is not None:
            run("sysctl", "-qw", f"net.ipv4.ip_forward={self.forwarded}")
            run("nft", "delete", "table", "ip", self.name)

    def begin_forwarding(self):
        """Whether the machine forwarded before."""
        with open("/proc/sys/net/ipv4/ip_forward") as file:
            before = file.read().strip()
        run("nft", f"table ip {self.name} {{ chain out {{ type nat hook postrouting priority srcnat; "
            f"ip saddr {self.peer} masquerade; }}; }}")
        run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        return before


def is_local(host):
    """Whether a host is this machine."""
    address = socket.getaddrinfo(host, None, socket.AF_INET)[0][4][0]
    route = subprocess.run(["ip", "route", "get", address], check=True, capture_output=True, text=True)
    return route.stdout.startswith("local ")


def run(*words):
    subprocess.run(words, check=True)


@contextlib.contextmanager
def inside(namespace):
    """This thread is in another namespace meanwhile."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net") as home, open(f"/run/netns/{namespace}") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        try:
            yield
        finally:
            libc.setns(home.fileno(), CLONE_NEWNET)


def open_device(name):
    """Makes a TUN device in this namespace; its file works from everywhere."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH14x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device
