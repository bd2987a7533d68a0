"""Every URL on one page, with its view. docs/permissions.md says who may use which."""

from collections.abc import Callable
from typing import Any

from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route, WebSocketRoute

from forum import health
from forum.accounts import avatar_page, registration, reset
from forum.accounts import settings as own_settings
from forum.accounts import views as accounts
from forum.accounts.avatar_files import show_avatar
from forum.articles import editor
from forum.articles import views as articles
from forum.articles.moved import moved
from forum.comments import composing
from forum.comments import views as comments
from forum.config import Settings
from forum.feeds import views as feeds
from forum.live import views as live
from forum.moderation import (
    appeal_forms,
    appealing,
    banning,
    bans_page,
    checks_page,
    choosing,
    controlling,
    desk_page,
    log_page,
    measures,
    own_pages,
    remarking,
    section_page,
    shadowing,
    suspending,
    watch_form,
)
from forum.moderation import views as moderation
from forum.profiles import views as profiles
from forum.reading import views as reading
from forum.search.views import show_search
from forum.security import BodyLimit, anybody
from forum.site import views as site
from forum.static import show_static
from forum.uploads import show_picture

ROOM_FOR_A_SENTENCE = 4
"""A picture this many times too large is still read, so that the form can say what is wrong with it."""

WORDS_BYTES = 4_000_000
"""Ten thousand lines of words, as forms send them."""


class Id(Convertor[int]):
    """An id in an address: more digits than the databases can hold lead nowhere."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_string(self, value: int) -> str:
        """The number as it stands in an address."""
        return str(value)


register_url_convertor("id", Id())


def routes(settings: Settings) -> list[BaseRoute]:
    """All routes; forms are refused above the size that the settings name."""

    def get(path: str, view: object) -> Route:
        return Route(path, view, methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, view: object, size: int = settings.form_bytes, may: Callable[[Any], bool] = anybody) -> Route:
        limit = Middleware(BodyLimit, size, settings.form_bytes, may)
        return Route(path, view, methods=["POST"], middleware=[limit])  # type: ignore[arg-type]

    picture_bytes = settings.image_bytes * ROOM_FOR_A_SENTENCE + settings.form_bytes
    return [
        get("/", articles.show_front),
        get("/articles/{slug}", moved(articles.show_article)),
        get("/articles/{slug}/changes", moved(live.article_changes)),
        get("/articles/{slug}/arrivals", comments.show_arrivals),
        post("/articles/{slug}/comments", moved(composing.create_comment)),
        get("/articles/{slug}/new", moved(reading.show_new)),
        post("/articles/{slug}/seen", moved(reading.note)),
        get("/sections/{slug}", articles.show_section),
        get("/tags/{slug}", articles.show_tag),
        get("/search", show_search),
        get("/feed", feeds.show_site_feed),
        get("/sections/{slug}/feed", feeds.show_section_feed),
        get("/articles/{slug}/feed", moved(feeds.show_article_feed)),
        get("/comments/{id:id}/feed", feeds.show_branch_feed),
        get("/accounts/{handle}/feed", feeds.show_account_feed),
        get("/sitemap.xml", feeds.show_sitemap),
        get("/sitemaps/lists.xml", feeds.show_lists),
        get("/sitemaps/{id:id}.xml", feeds.show_articles),
        get("/robots.txt", feeds.show_robots),
        post("/comments/preview", composing.preview),
        get("/comments/{id:id}", comments.show_comment),
        get("/comments/{id:id}/replies", comments.more_replies),
        post("/comments/{id:id}/edit", comments.edit_comment),
        post("/comments/{id:id}/delete", comments.delete_comment),
        post("/comments/{id:id}/vote", comments.vote),
        post("/comments/{id:id}/report", moderation.report_comment),
        post("/comments/{id:id}/remove", moderation.remove_comment),
        post("/comments/{id:id}/restore", moderation.restore_comment),
        post("/comments/{id:id}/dismiss", moderation.dismiss_reports),
        post("/comments/{id:id}/appeal", appeal_forms.appeal),
        post("/comments/{id:id}/feature", controlling.feature_comment),
        post("/comments/{id:id}/pin", controlling.pin_branch),
        post("/comments/{id:id}/branch", controlling.set_branch),
        post("/comments/{id:id}/slow", controlling.slow_branch),
        get("/moderation", desk_page.show_moderation),
        get("/moderation/sections", section_page.show_sections),
        post("/moderation/sections/{slug}", section_page.set_section),
        get("/moderation/checks", checks_page.show_checks),
        post("/moderation/checks", checks_page.save_checks),
        post("/moderation/words", checks_page.save_words, WORDS_BYTES),
        post("/moderation/reports", checks_page.save_report_rule),
        get("/moderation/log", log_page.show_log),
        get("/moderation/log.csv", log_page.export_csv),
        get("/moderation/log.jsonl", log_page.export_json),
        get("/moderation/bans", bans_page.show_bans),
        post("/moderation/bans", bans_page.ban),
        post("/moderation/bans/lift", bans_page.lift),
        post("/moderation/decisions", choosing.decide_chosen),
        post("/moderation/appeals/{id:id}", appeal_forms.answer),
        get("/moderation/counts", live.desk_counts),
        post("/moderation/claims", desk_page.claim_item),
        post("/moderation/acts/{id:id}/undo", log_page.undo),
        get("/register", registration.show_register),
        post("/register", registration.create_account),
        get("/sign-in", accounts.show_sign_in),
        post("/sign-in", accounts.sign_in),
        post("/sign-out", accounts.sign_out),
        get("/appeal/{token}", appealing.show_appeal),
        post("/appeal/{token}", appealing.appeal),
        get("/reset/{token}", reset.show_reset),
        post("/reset/{token}", reset.reset),
        get("/settings/profile", own_settings.show_profile),
        post("/settings/profile", own_settings.change_profile),
        get("/settings/avatar", avatar_page.show_avatar_form),
        post("/settings/avatar", avatar_page.choose_avatar, settings.image_bytes * ROOM_FOR_A_SENTENCE),
        get("/settings/password", own_settings.show_password),
        post("/settings/password", own_settings.change_password),
        get("/settings/sessions", own_settings.show_sessions),
        post("/settings/sessions", own_settings.end_sessions),
        get("/settings/reports", own_pages.show_reports),
        get("/settings/decisions", own_pages.show_decisions),
        get("/avatars/{name}", show_avatar),
        get("/editor", editor.show_editor),
        post("/editor", editor.save, picture_bytes, editor.is_editor),
        get("/editor/new", editor.show_new),
        post("/editor/preview", editor.preview, picture_bytes, editor.is_editor),
        get("/editor/{slug}", editor.show_form),
        post("/editor/{slug}", editor.save, picture_bytes, editor.is_editor),
        post("/editor/{slug}/preview", editor.preview, picture_bytes, editor.is_editor),
        get("/pictures/{name}", show_picture),
        get("/logo/{name}", show_picture),
        get("/rules", site.show_rules),
        get("/site", site.show_site),
        post("/site", site.save_site, picture_bytes),
        post("/site/switches", site.set_switches),
        get("/site.css", site.show_stylesheet),
        get("/accounts/{handle}", profiles.show_profile),
        get("/accounts/{handle}/ban", measures.show_measures),
        post("/accounts/{handle}/ban", banning.ban_account),
        post("/accounts/{handle}/ban/lift", banning.lift_ban),
        post("/accounts/{handle}/watch", watch_form.watch_account),
        post("/accounts/{handle}/unwatch", watch_form.unwatch_account),
        post("/accounts/{handle}/shadow", shadowing.shadow),
        post("/accounts/{handle}/shadow/lift", shadowing.lift),
        post("/accounts/{handle}/suspend", suspending.suspend),
        post("/accounts/{handle}/suspend/lift", suspending.give_back),
        post("/accounts/{handle}/warn", remarking.warn_account),
        post("/accounts/{handle}/notes", remarking.note_account),
        post("/accounts/{handle}/looked", remarking.look_at_account),
        post("/articles/{slug}/discussion", moderation.set_discussion),
        post("/articles/{slug}/slow", controlling.slow_article),
        post("/articles/{slug}/closing", controlling.close_article_later),
        post("/articles/{slug}/pin", controlling.pin_article),
        WebSocketRoute("/live", live.live),
        get("/healthz", health.alive),
        get("/readyz", health.ready),
        get("/metrics", health.show_metrics),
        get("/static/{path:path}", show_static),
    ]
