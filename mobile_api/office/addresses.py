"""Which addresses this machine has on the office network."""

import fcntl
import ipaddress
import socket
import struct

SIOCGIFADDR = 0x8915  # Linux: the address of an interface
PRIVATE = tuple(
    ipaddress.ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
"""RFC 1918, and the carriers' shared range that some office networks use."""


def is_office_address(text: str) -> bool:
    """Whether this is an IPv4 address of a private network: a public one wants a real certificate."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return isinstance(address, ipaddress.IPv4Address) and any(address in block for block in PRIVATE)


def own_addresses() -> list[str]:
    """This machine's private IPv4 addresses, the one that leads to the network first. Nothing is sent."""
    found = [_towards_the_network(), *_of_interfaces()]
    return list(dict.fromkeys(address for address in found if address and is_office_address(address)))


def _towards_the_network() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # a documentation address: connecting a datagram socket sends nothing
            return str(asked.getsockname()[0])
        except OSError:
            return None


def _of_interfaces() -> list[str]:
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(asked.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:  # an interface without an address, or another system than Linux
                continue
            found.append(socket.inet_ntoa(answer[20:24]))
    return found
