"""Which networks can be banned, and whom such a ban meets; which domains of addresses."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts.domains import check_domain
from forum.accounts.networks import Network, check_network, ends_of
from forum.errors import Invalid

FOUR = st.builds(
    lambda address, bits: ip_network((address, bits), strict=False), st.ip_addresses(v=4), st.integers(8, 32)
)
SIX = st.builds(
    lambda address, bits: ip_network((address, bits), strict=False), st.ip_addresses(v=6), st.integers(16, 64)
)
NETWORKS = (FOUR | SIX).filter(lambda network: check_network(str(network)) == network)


def within(network: Network) -> st.SearchStrategy[str]:
    """Addresses of a network and of all others, as a request has them."""
    return st.ip_addresses(network=network).map(str) | st.ip_addresses(v=network.version).map(str)


@given(network=NETWORKS, data=st.data())
def test_the_ends_of_a_network_hold_its_addresses_and_no_others(network: Network, data: st.DataObject) -> None:
    address = ip_address(data.draw(within(network)))
    lowest, highest = ends_of(network)
    [place] = set(ends_of(IPv4Network(address) if address.version == 4 else IPv6Network(address)))
    assert (lowest <= place <= highest) == (address in network)


@given(four=FOUR, six=SIX)
def test_no_network_of_one_kind_holds_an_address_of_the_other(four: IPv4Network, six: IPv6Network) -> None:
    (lowest, highest), (first, last) = ends_of(four), ends_of(six)
    assert highest < first or last < lowest


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" 192.0.2.7\n", "192.0.2.7/32"),
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("192.0.2.0/255.255.255.0", "192.0.2.0/24"),
        ("2001:DB8::7", "2001:db8::/64"),
        ("2001:db8::/48", "2001:db8::/48"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
    ],
)
def test_a_network_is_taken_however_it_is_written_an_ipv6_one_as_a_household_at_least(typed: str, meant: str) -> None:
    assert str(check_network(typed)) == meant


@pytest.mark.parametrize(
    "text",
    ["", "nora", "192.0.2", "192.0.2.0/33", "0.0.0.0/0", "10.0.0.0/7", "::/0", "2000::/15", "1", "192.0.2.7:80",
     "192.0.2.7, 192.0.2.8", "٣.2.3.4", "\ud800", "9" * 5000],
)  # fmt: skip
def test_what_is_no_network_or_a_part_of_the_world_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_network(text)
    assert refused.value.field == "network"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Example.ORG ", "example.org"), ("@example.org", "example.org"), ("jane@post.example.org", "post.example.org"),
     ("xn--bcher-kva.de", "bücher.de")],
)  # fmt: skip
def test_a_domain_is_kept_as_addresses_have_it(typed: str, kept: str) -> None:
    assert check_domain(typed) == kept


@pytest.mark.parametrize("text", ["", "org", "localhost", "a b.org", "127.0.0.1", "*.org", "\ud800.org", "a" * 9000])
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_domain(text)
    assert refused.value.field == "domain"
