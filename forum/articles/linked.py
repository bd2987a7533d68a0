"""An article as search engines read it."""

from forum.articles.pictures import Picture
from forum.articles.queries import ShownArticle
from forum.linked_data import CONTEXT, Publisher, Thing, breadcrumbs, moment, path_to


def linked_article(article: ShownArticle, comment_count: int, publisher: Publisher) -> Thing:
    """The article with who wrote and who publishes it, its picture, where it stands, and how much is said about it."""
    address = publisher.origin + path_to("articles", article.slug)
    return {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": article.headline,
        "description": article.standfirst,
        "image": _image(article.image, publisher.origin) if article.image else None,
        "author": publisher.or_person(article.byline),
        "publisher": publisher.as_thing(),
        "datePublished": moment(article.published_at),
        "dateModified": moment(article.updated_at),
        "articleSection": [section.name for section in article.sections],
        "keywords": [tag.name for tag in article.tags],
        "commentCount": comment_count,
    }


def linked_place(article: ShownArticle, publisher: Publisher) -> Thing:
    """The way to it: the front, its first section, the article."""
    sections = [(one.name, path_to("sections", one.slug)) for one in article.sections[:1]]
    return breadcrumbs(publisher, *sections, (article.headline, path_to("articles", article.slug)))


def _image(picture: Picture, origin: str) -> Thing:
    shared = picture.shared
    size = {"width": shared.width, "height": shared.height}
    return {"@type": "ImageObject", "url": origin + shared.src, **size, "caption": picture.alt}
