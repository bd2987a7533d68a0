"""Articles and comments are found by words, phrases, author, section and day: newest first, or best first."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from forum.articles.actions import ArticleText, create_article
from forum.articles.models import Article, DiscussionState, Publication
from forum.comments.shadow import count_shadowed
from forum.database import Db
from forum.errors import Invalid
from forum.fulltext.places import Wanted, row_of
from forum.moderation.removals import hold_comment, remove_comment, restore_comment
from forum.moderation.shadows import shadow_account
from forum.moderation.undoing import undo_act
from forum.permissions import Role
from forum.search import queries
from forum.search.asked import Search, cursor_of
from forum.search.own import own_matches
from tests.search.looking import Looking

PHRASES = {
    "English": ("He said: the drawbridge’s keeper left at noon.", "the Drawbridge's keeper", "keeper the drawbridge"),
    "German": ("Die Größe der Straße entscheidet über alles.", "grosse der STRASSE", "straße der größe"),
    "French": ("L’été dernier, la forêt brûlait déjà.", "foret brulait deja", "déjà brûlait"),
    "Turkish": ("Dün İstanbul’da ışıklar söndü.", "ISTANBUL’DA IŞIKLAR", "ışıklar istanbul"),
    "Arabic": ("أُغْلِقَ الجِسْرُ القديم أمس.", "الجسر القديم", "القديم الجسر"),
    "Chinese": ("昨天北京市政府关闭了旧桥。", "北京市政府", "北京政府市"),
    "Japanese": ("昨日、東京都庁が古い橋を閉鎖しました。", "古い橋を閉鎖", "橋を古い"),
    "Thai": ("เมื่อวานนี้สะพานเก่าถูกปิดแล้ว", "สะพานเก่าถูกปิด", "ปิดสะพาน"),
}


@pytest.mark.parametrize("language", PHRASES)
async def test_a_phrase_is_found_in_eight_languages_and_its_words_in_another_order_are_not(
    looking: Looking, language: str
) -> None:
    text, phrase, shuffled = PHRASES[language]
    slug = await looking.world.article()
    there = await looking.world.post(slug, text)
    for other, (of_others, _phrase, _shuffled) in PHRASES.items():
        if other != language:
            await looking.world.post(slug, of_others)
    assert await looking.find(f'"{phrase}"') == [there]
    assert await looking.find(f"“{phrase}”", sort="best") == [there]
    assert await looking.find(f'"{shuffled}"') == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ferry", [2, 1, 0]),
        ("ferry harbour", [2, 0]),
        ("harbour ferry", [2, 0]),
        ('"harbour ferry"', [2]),
        ("FERRY's", []),
        ("e-mail", [3]),
        ('"mail e"', []),
        ('"', None),
        ("ferry nowhere", []),
        ("京", [4]),
        ("東京", [4]),
        ("京都", [5]),
        ("ferr", []),
    ],
)
async def test_every_word_must_be_there_and_a_phrase_side_by_side(
    looking: Looking, words: str, found: list[int] | None
) -> None:
    slug = await looking.world.article()
    texts = (
        "The ferry leaves the harbour.",
        "A ferry.",
        "The harbour ferry.",
        "By e-mail.",
        "東京タワー",
        "ここは京都",
    )
    ids = [await looking.world.post(slug, text) for text in texts]
    if found is None:
        with pytest.raises(Invalid):
            await looking.find(words)
    elif words == "京":
        assert await looking.find(words) == [ids[5], ids[4]]
    else:
        assert await looking.find(words) == [ids[number] for number in found]


async def test_a_phrase_that_says_the_same_again_and_again_is_found_by_its_beginning(looking: Looking) -> None:
    slug = await looking.world.article()
    few, many, _other = [await looking.world.post(slug, text) for text in ("ha ha", "ha " * 9 + "哈" * 9, "haha 哈")]
    assert await looking.find('"' + "ha " * 30 + '"') == await looking.find("哈" * 30) == [many]
    assert await looking.find('"ha ha"') == [many, few]
    assert await looking.find('"ha ha" ha') == [many, few]


async def test_what_is_found_is_narrowed_by_author_section_and_day(looking: Looking) -> None:
    news, other = await looking.world.article("News"), await looking.world.article("Other")
    early = await looking.post_on("2026-03-01", news, "A bridge.", by="nora")
    late = await looking.post_on("2026-03-02", other, "A bridge.", by="omar")
    assert await looking.find("bridge") == [late, early]
    assert await looking.find("bridge", author="@nora") == [early]
    assert await looking.find(author="OMAR") == [late]
    assert await looking.find("bridge", since="2026-03-02") == [late]
    assert await looking.find("bridge", until="2026-03-01") == [early]
    assert await looking.find("bridge", since="2026-03-01", until="2026-03-02", section="news") == [late, early]
    assert await looking.find("bridge", since="2026-03-03", sort="best") == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"words": "a" * 201}, "q"),
        ({"words": "a b c d e f g h i j k"}, "q"),
        ({"words": "a" + " b" * 8 + ' "' + "c " * 32 + '"'}, "q"),
        ({"words": "京" * 42}, "q"),
        ({"words": "?!"}, "q"),
        ({"since": "2026-01-01"}, "q"),
        ({"words": "a", "author": "nobody"}, "author"),
        ({"words": "a", "section": "nowhere"}, "section"),
        ({"words": "a", "since": "yesterday"}, "from"),
        ({"words": "a", "until": "9999-12-31"}, "to"),
    ],
)
async def test_what_cannot_be_looked_for_is_refused_with_the_field(
    looking: Looking, asked: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await looking.find(**asked)
    assert refused.value.field == field


async def test_what_was_published_long_ago_is_found_page_by_page(looking: Looking) -> None:
    editor = await looking.world.account("eddie", Role.EDITOR)

    def print_archive(db: Db) -> list[str]:
        text = ArticleText("Airship", "", "Text.", "<p>Text.</p>", ["News"], publication=Publication.PUBLISHED)
        days = (datetime(1937, 5, 6, tzinfo=UTC) + timedelta(days=number) for number in range(23))
        return [create_article(db, editor=editor, text=replace(text, published_at=day)) for day in days]

    slugs = await looking.world.database.write(print_archive)
    search, found, after = Search("airship", kind="articles", until="1969-12-31"), list[str](), None
    for _page in range(2):
        page = await looking.world.database.read(queries.find, search, after)
        found += [article.slug for article in page.articles]
        if last := page.article_page.after:
            after = cursor_of({"after": f"{last.rank}.{last.place}"})
    assert found == slugs[::-1]


@pytest.mark.parametrize("sort", ["newest", "best"])
async def test_the_pages_together_hold_each_comment_once(looking: Looking, sort: str) -> None:
    slug = await looking.world.article()
    ids = [await looking.world.post(slug, "A bridge" + " or two" * (number % 7)) for number in range(45)]
    first = await looking.look("bridge", kind="comments", sort=sort)
    assert len(first.comments) == 20
    found = await looking.find("bridge", sort=sort)
    assert sorted(found) == ids
    if sort == "newest":
        assert found == ids[::-1]


async def test_the_best_match_says_more_of_it_in_fewer_words(looking: Looking) -> None:
    slug = await looking.world.article()
    best = await looking.world.post(slug, "Lighthouse, lighthouse!")
    weak = await looking.world.post(slug, "Somewhere " * 60 + "a lighthouse")
    middling = await looking.world.post(slug, "A lighthouse, but with some words more around it.")
    assert await looking.find("lighthouse", sort="best") == [best, middling, weak]
    assert await looking.find("lighthouse") == [middling, weak, best]


async def test_articles_are_found_by_headline_and_text_while_they_are_published(looking: Looking) -> None:
    slug = await looking.world.article("Größe zählt")
    await looking.world.article("Größe eines Entwurfs", published=False)
    found = await looking.look("grosse")
    assert [article.slug for article in found.articles] == [slug]
    assert [piece.text for piece in found.articles[0].headline if piece.marked] == ["Größe"]
    assert await looking.articles('"it closes"') == [slug]
    assert await looking.articles('"zählt it"') == []
    assert await looking.articles("grosse", section="news", author="eddie") == []


async def test_what_not_everybody_may_read_is_not_found(looking: Looking) -> None:
    world = looking.world
    mona = await world.account("mona", Role.MODERATOR)
    slug = await world.article()
    held = await world.post(slug, "Canary, held.", held=True)
    removed, deleted, shown = [await world.post(slug, f"Canary {number}.") for number in range(3)]
    edited = await world.post(slug, "Canary, an early text.")
    assert await looking.find("canary") == [edited, shown, deleted, removed]
    await world.database.write(remove_comment, moderator=mona, comment_id=removed, reason="spam")
    await world.delete(deleted)
    await world.edit(edited, "Another text.")
    for viewer in (None, "nora", "mona"):
        assert await looking.find("canary", viewer=viewer) == [shown]
    assert await looking.find("another") == [edited]
    await world.database.write(restore_comment, moderator=mona, comment_id=removed)
    await world.database.write(restore_comment, moderator=mona, comment_id=held)
    assert await looking.find("canary") == [shown, removed, held]
    await world.database.write(hold_comment, moderator=mona, comment_id=shown)
    assert await looking.find("canary") == [removed, held]
    act = (await world.comment(shown)).act_id
    assert act is not None
    await world.database.write(undo_act, moderator=mona, act_id=act)
    assert await looking.find("canary") == [shown, removed, held]


async def test_what_is_under_an_article_that_is_withdrawn_or_without_a_discussion_is_not_found(
    looking: Looking,
) -> None:
    slug = await looking.world.article()
    comment = await looking.world.post(slug, "Canary.")

    def change(db: Db, /, **values: object) -> None:
        db.execute(update(Article).values(**values))

    for values in ({"discussion": DiscussionState.OFF}, {"publication": Publication.DRAFT}):
        await looking.world.database.write(change, **values)
        assert await looking.find("canary") == []
        assert (await looking.articles("closes") == [slug]) == ("discussion" in values)
        await looking.world.database.write(change, discussion=DiscussionState.OPEN, publication=Publication.PUBLISHED)
        assert await looking.find("canary") == [comment]


@pytest.mark.parametrize("sort", ["newest", "best"])
async def test_what_is_in_the_shadow_is_found_by_its_author_alone(looking: Looking, sort: str) -> None:
    world = looking.world
    mona = await world.account("mona", Role.MODERATOR)
    slug = await world.article()
    before = await world.post(slug, "Canary.", by="omar")
    await world.account("nora")
    await world.database.write(shadow_account, moderator=mona, handle="nora", reason="Spam.")
    shadowed = await world.post(slug, "Canary!", by="nora")
    after = await world.post(slug, "Canary?", by="omar")
    assert await world.database.read(count_shadowed, (await world.account("nora")).account_id) == 1
    found = {
        viewer: await looking.find("canary", viewer=viewer, sort=sort) for viewer in (None, "omar", "mona", "nora")
    }
    assert found[None] == found["omar"] == found["mona"] == [after, before]
    assert sorted(found["nora"]) == [before, shadowed, after]
    if sort == "newest":
        assert found["nora"] == [after, shadowed, before]


async def test_an_article_counts_what_is_in_the_shadow_for_its_author_as_on_every_other_page(looking: Looking) -> None:
    world = looking.world
    mona, slug = await world.account("mona", Role.MODERATOR), await world.article("Canary")
    nora, omar = await world.account("nora"), await world.account("omar")
    await world.post(slug, "One.", by="omar")
    await world.database.write(shadow_account, moderator=mona, handle="nora", reason="Spam.")
    await world.post(slug, "Two.", by="nora")
    for viewer, count in ((None, 1), (omar, 1), (nora, 2)):
        viewer_id = viewer.account_id if viewer else None
        found = await world.database.read(queries.find, Search("canary"), viewer_id=viewer_id)
        assert [article.comment_count for article in found.articles] == [count]


async def test_somebody_in_the_shadow_who_wrote_very_much_makes_no_search_take_long(looking: Looking) -> None:
    world = looking.world
    mona, slug = await world.account("mona", Role.MODERATOR), await world.article()
    nora = await world.account("nora")
    await world.database.write(shadow_account, moderator=mona, handle="nora", reason="Spam.")
    ids = [await world.post(slug, f"{'中' * 9_900} canary {number}") for number in range(60)]
    wanted = Wanted((("canary",),))
    began = time.process_time()
    found = await world.database.read(own_matches, nora.account_id, wanted)
    assert time.process_time() - began < 0.2  # some 60 ms
    assert [row_of(match.place) for match in found] == ids[::-1][: len(found)]
    assert len(found) >= 10


async def test_a_text_made_to_take_long_costs_a_search_little(looking: Looking) -> None:
    slug = await looking.world.article()
    for _number in range(30):
        await looking.world.post(slug, "中" * 9_990 + "文")
    began = time.process_time()
    await looking.look("中" * 40 + "文", kind="comments")
    assert time.process_time() - began < 0.3  # some 60 ms; SQLite works in this process


@pytest.mark.parametrize(
    "words",
    [
        "a' OR 1=1 --",
        '"a" NEAR b',
        "terms:a*",
        "a NOT b AND (c OR d)",
        "^a + b - c",
        "a:* & !b | 'c' <-> \\",
        "a\0b",
        "{a b}:c",
        "@1",
        "' '' \" \\\\",
        "\ud800",
        "a" * 200,
        "東" * 200,
        "é" * 200,
        "\u0301" * 200,
        "💥 " * 100,
    ],
)
async def test_what_somebody_types_never_becomes_a_language_of_queries(looking: Looking, words: str) -> None:
    slug = await looking.world.article()
    await looking.world.post(slug, "b c d")
    try:
        found = await looking.find(words)
    except Invalid:
        found = []
    assert found == []


async def test_a_page_that_is_full_of_what_is_hidden_goes_on_all_the_same(
    looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SOME", 3)
    monkeypatch.setattr(queries, "LOOKED_AT", 10)
    shown, off = await looking.world.article("Shown"), await looking.world.article("Off")
    first = await looking.world.post(shown, "Canary.")
    for _ in range(25):
        await looking.world.post(off, "Canary.")
    last = await looking.world.post(shown, "Canary.")

    def close(db: Db) -> None:
        db.execute(update(Article).where(Article.slug == off).values(discussion=DiscussionState.OFF))

    await looking.world.database.write(close)
    page = await looking.look("canary", kind="comments")
    assert [one.comment.id for one in page.comments] == [last]
    assert page.comment_page.after is not None
    assert await looking.find("canary") == [last, first]
