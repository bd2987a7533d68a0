"""Networks that are banned: from there nobody but the staff may register, sign in or write. Reading goes on."""

from gettext import gettext as _
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from sqlalchemy import bindparam, select

from forum.accounts.models import NetworkBan
from forum.accounts.words import network_ban_sentence
from forum.database import Db, now, run, table_of
from forum.errors import Invalid, NetworkBanned
from forum.security import unmapped

Network = IPv4Network | IPv6Network
HOUSEHOLD = 64
"""Bits of an IPv6 address that belong to one household or machine: no narrower network is told apart."""
WIDEST = {4: 8, 6: 16}
"""Bits that a banned network names at least, by version: what is wider is a slip."""
LARGE = {4: 256, 6: 1 << (128 - 48)}
"""Addresses; in a network with more of them many live who have nothing to do with each other."""

bans = table_of(NetworkBan)
_BAN = (
    select(bans.c.reason, bans.c.until)
    .where(bans.c.lowest <= bindparam("place"), bans.c.highest >= bindparam("place"))
    .where(bans.c.until.is_(None) | (bans.c.until > bindparam("at")))
    .limit(1)
)


def check_network(text: str) -> Network:
    """The network that was typed, as one address or with its bits. Raises Invalid."""
    try:
        network = _as_ipv4(ip_network(text.strip(), strict=False))
    except ValueError:
        sentence = _("Write an address such as 192.0.2.7, or a network such as 192.0.2.0/24 or 2001:db8::/48.")
        raise Invalid(sentence, "network") from None
    if network.prefixlen < WIDEST[network.version]:
        sentence = _("This network is too large to be banned: %(bits)s bits at least must be named.")
        raise Invalid(sentence % {"bits": WIDEST[network.version]}, "network")
    if network.version == 6 and network.prefixlen > HOUSEHOLD:
        return network.supernet(new_prefix=HOUSEHOLD)
    return network


def ends_of(network: Network) -> tuple[str, str]:
    """The first and the last address of a network, as a ban stores them."""
    return _place(network.network_address), _place(network.broadcast_address)


def is_large(network: Network) -> bool:
    """Whether many live there who have nothing to do with each other."""
    return network.num_addresses > LARGE[network.version]


def refuse_banned_network(db: Db, address: str) -> None:
    """Raise NetworkBanned where a ban is in force on the network of that address; none is known, none is refused."""
    try:
        place = _place(ip_address(address.partition("/")[0]))
    except ValueError:
        return
    ban = run(db, _BAN, place=place, at=now()).first()
    if ban is not None:
        raise NetworkBanned(network_ban_sentence(ban.reason, ban.until))


def _as_ipv4(network: Network) -> Network:
    """An IPv4 network that is written as an IPv6 one, as what it is."""
    address = unmapped(network.network_address)
    if network.version == 6 and address.version == 4 and network.prefixlen >= 96:
        return IPv4Network((int(address), network.prefixlen - 96))
    return network


def _place(address: IPv4Address | IPv6Address) -> str:
    """An address as text of one length, in the order of the numbers; IPv4 and IPv6 lie apart."""
    return f"{address.version}{int(address):032x}"
