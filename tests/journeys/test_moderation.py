"""What moderators do, in a browser that runs no scripts, and what others see of it."""

from playwright.sync_api import Locator, expect

from forum.permissions import Role
from tests.journeys.conftest import Visit
from tests.journeys.person import Person
from tests.journeys.stage import Stage
from tests.journeys.test_without_scripts import act, plain


def moderator(visit: Visit, slug: str) -> Person:
    """Mona, without scripts."""
    return visit(slug, "mona", role=Role.MODERATOR, java_script_enabled=False)


def entry(person: Person, text: str) -> Locator:
    """A line of the desk's list."""
    return person.page.locator("[data-entry]", has_text=text)


def opens(person: Person, text: str) -> None:
    """Choose an item of the desk's list."""
    entry(person, text).get_by_role("link").click()
    expect(person.page.locator("[data-item]")).to_contain_text(text)


def test_a_report_reaches_the_desk_where_the_comment_is_removed_and_later_restored(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    comment = stage.post(slug, "A very rude thing.", by="tilda")
    stage.post(slug, "Why so rude?", by="pia", parent=comment)
    omar, guest = plain(visit, "omar", slug), visit(slug)
    omar.comment(comment).locator(".comment-at").first.click()
    report = act(omar, "Report")
    report.get_by_role("radio").first.check()
    report.get_by_label("Anything a moderator should know").fill("It is the third time.")
    report.get_by_role("button", name="Report to the moderators").click()
    omar.sees("Thank you")
    mona = moderator(visit, slug)
    mona.link("Moderation").click()
    opens(mona, "A very rude thing.")
    expect(mona.page.locator("[data-record]")).to_contain_text("It is the third time.")
    mona.button("Remove").click()
    expect(entry(mona, "A very rude thing.")).to_have_count(0)
    expect(guest.comment(comment).locator("> article .tombstone")).to_contain_text("Removed by a moderator")
    mona.opens(f"/comments/{comment}")
    act(mona, "Restore").get_by_role("button", name="Restore this comment").click()
    expect(guest.comment(comment).locator("> article .comment-body")).to_have_text("A very rude thing.")


def test_a_report_is_dismissed(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    comment = stage.post(slug, "A harmless thing.", by="tilda")
    omar = plain(visit, "omar")
    omar.opens(f"/comments/{comment}")
    report = act(omar, "Report")
    report.get_by_role("radio").first.check()
    report.get_by_role("button", name="Report to the moderators").click()
    mona = moderator(visit, slug)
    mona.opens("/moderation")
    opens(mona, "A harmless thing.")
    mona.button("Leave it, dismiss").click()
    expect(entry(mona, "A harmless thing.")).to_have_count(0)


def test_an_account_is_banned_from_a_comment_and_let_in_again(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    stage.register("boris", "four cold wet otters")
    comment = stage.post(slug, "Buy my boats.", by="boris")
    mona, boris, guest = moderator(visit, slug), visit(), visit(slug)
    boris.opens("/sign-in")
    boris.signs_in("boris", "four cold wet otters")
    boris.reads(slug)
    more = mona.comment(comment).locator("[data-more]")
    more.locator("summary").click()
    more.get_by_role("link", name="Ban").click()
    form = mona.page.locator("form#ban")
    form.get_by_label("Why").fill("Advertisements.")
    form.get_by_label("7 days").check()
    form.get_by_label("All: 1 comment").check()
    form.get_by_role("button", name="Ban @boris").click()
    mona.sees("Banned until")
    expect(boris.page.locator("[data-composer-place]")).to_contain_text("Advertisements.")
    expect(guest.comment(comment)).to_have_count(0)
    boris.expects += ["403"]
    boris.opens("/sign-in")
    boris.signs_in("boris", "four cold wet otters")
    expect(boris.page.get_by_role("alert")).to_contain_text("Advertisements.")
    mona.button("Lift the ban").click()
    expect(mona.page.get_by_text("Banned until")).to_have_count(0)
    boris.signs_in("boris", "four cold wet otters")
    expect(boris.page.locator("body")).to_have_attribute("data-viewer", "boris")


def test_the_log_tells_what_was_done_and_a_removal_of_all_can_be_undone(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    comment = stage.post(slug, "Buy my oars.", by="bert")
    guest = visit(slug)
    stage.ban("bert", "Advertisements.", remove="all")
    expect(guest.comment(comment)).to_have_count(0)
    mona = moderator(visit, slug)
    mona.opens("/moderation?queue=log")
    mona.page.get_by_role("textbox", name="Account").fill("@bert")
    mona.page.get_by_label("Kind").select_option(label="Removed all of an account")
    mona.button("Find").click()
    entries = mona.page.locator(".log > li")
    expect(entries).to_have_count(1)
    entries.get_by_role("button", name="Undo").click()
    expect(guest.page.locator("[data-pill]")).to_have_text("1 new comment")
    expect(entries.get_by_role("button", name="Undo")).to_have_count(0)
    mona.page.get_by_role("link", name="Show all").click()
    expect(entries.first).to_contain_text("Undid: Removed all that @bert had written")
    entries.first.get_by_role("button", name="Do it again").click()
    expect(guest.page.locator("[data-pill]")).to_be_hidden()
    expect(entries.first).to_contain_text("Removed all that @bert had written (again): Advertisements.")


def test_a_discussion_is_closed_and_opened_from_its_head(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The weir")
    guest, mona = visit(slug, "omar"), moderator(visit, slug)
    mona.page.get_by_label("Why, shown to readers").fill("The weir <i>stays</i>")
    mona.button("read-only").click()
    line = guest.page.locator("[data-closed]")
    expect(line).to_contain_text(": The weir <i>stays</i>. You can read it, not write in it.")
    expect(visit(slug, java_script_enabled=False).page.locator("[data-closed]")).to_have_text(line.inner_text())
    mona.button("open").click()
    expect(guest.page.locator("#body-new")).to_be_visible()
