"""How the site is reached, where an address has to say it whole: in feeds, the sitemap, robots.txt."""

from starlette.requests import Request


def origin_of(request: Request) -> str:
    """As FORUM_SITE_URL says, else as this request does.

    Pages go by the setting alone (`origin` in templates; without it their addresses are paths, which mean the same
    there): they are kept and sent to everybody, and so must hold nothing that one visitor's Host header says.
    """
    configured: str = request.app.state.settings.site_url
    return configured or str(request.base_url).rstrip("/")
