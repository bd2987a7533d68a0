"""Does it lead to a site that is on the list?"""

from functools import lru_cache

from forum.comments.checks.addresses import host_of, places_of, plain_host
from forum.comments.checks.given import Found, Given


def listed_hosts(given: Given, _amount: int) -> Found | None:
    """Find links to sites of the list, and to all beneath them: `example.org` stands for `www.example.org` too."""
    hosts = _hosts_of(given.lists.get("hosts", ""))
    listed = [link for link in dict.fromkeys(given.links) if _is_listed(host_of(link), hosts)]
    if not listed:
        return None
    named = list(dict.fromkeys(host_of(link) for link in listed))
    marks = tuple(place for link in listed for place in places_of(given.text, link))
    return Found({"words": named}, marks, frozenset(named))


@lru_cache(maxsize=2)
def _hosts_of(entries: str) -> frozenset[str]:
    return frozenset(plain_host(line) for line in entries.splitlines() if line.strip())


def _is_listed(host: str, hosts: frozenset[str]) -> bool:
    parts = host.split(".")
    return any(".".join(parts[start:]) in hosts for start in range(len(parts)))
