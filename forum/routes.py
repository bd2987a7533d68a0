"""Every URL on one page, with its view. docs/permissions.md says who may use which."""

from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from forum import health
from forum.articles import views as articles
from forum.comments import composing
from forum.comments import views as comments
from forum.config import Settings
from forum.live import views as live
from forum.moderation import banning
from forum.moderation import views as moderation
from forum.static import static_files


def routes(settings: Settings) -> list[BaseRoute]:
    """All routes; forms are refused above the size that the settings name."""

    def get(path: str, view: object) -> Route:
        return Route(path, view, methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, view: object, size: int = settings.form_bytes) -> Route:
        return Route(path, view, methods=["POST"], max_body_size=size)  # type: ignore[arg-type]

    return [
        get("/", articles.show_front),
        get("/articles/{slug}", articles.show_article),
        get("/articles/{slug}/changes", live.article_changes),
        post("/articles/{slug}/comments", composing.create_comment),
        get("/sections/{slug}", articles.show_section),
        get("/tags/{slug}", articles.show_tag),
        post("/comments/preview", composing.preview),
        get("/comments/{id:int}", comments.show_comment),
        get("/comments/{id:int}/replies", comments.more_replies),
        post("/comments/{id:int}/edit", comments.edit_comment),
        post("/comments/{id:int}/delete", comments.delete_comment),
        post("/comments/{id:int}/vote", comments.vote),
        post("/comments/{id:int}/report", moderation.report_comment),
        post("/comments/{id:int}/remove", moderation.remove_comment),
        post("/comments/{id:int}/restore", moderation.restore_comment),
        post("/comments/{id:int}/dismiss", moderation.dismiss_reports),
        get("/moderation", moderation.show_moderation),
        post("/moderation/acts/{id:int}/undo", banning.undo_removal),
        get("/accounts/{handle}/ban", banning.show_ban),
        post("/accounts/{handle}/ban", banning.ban_account),
        post("/accounts/{handle}/ban/lift", banning.lift_ban),
        post("/articles/{slug}/discussion", moderation.set_discussion),
        WebSocketRoute("/live", live.live),
        get("/healthz", health.alive),
        get("/readyz", health.ready),
        Mount("/static", static_files()),
    ]
