"""Every table in one place, for the migrations."""

from forum.accounts import models as accounts
from forum.articles import models as articles
from forum.comments import models as comments
from forum.comments.checks import models as checks
from forum.database import Base
from forum.moderation import models as moderation
from forum.reading import models as reading
from forum.search import models as search
from forum.site import models as site

__all__ = ["Base", "accounts", "articles", "checks", "comments", "moderation", "reading", "search", "site"]
