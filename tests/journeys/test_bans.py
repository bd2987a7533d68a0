"""What keeps people out, in browsers: the shadow and who sees it, rights, networks, and an appeal against a ban."""

import re

from playwright.sync_api import expect

from forum.permissions import Role
from tests.journeys.conftest import BROWSERS, Visit
from tests.journeys.person import Person
from tests.journeys.sameness import same_as_fresh
from tests.journeys.stage import Stage
from tests.journeys.test_without_scripts import plain

THE_SHADOWED = "Nobody answers me today."


def moderator(visit: Visit, path: str) -> Person:
    """Mona at a page, without scripts."""
    mona = visit(handle="mona", role=Role.MODERATOR, java_script_enabled=False)
    mona.opens(path)
    return mona


def into_the_shadow(visit: Visit, handle: str) -> Person:
    """A moderator puts somebody into the shadow; gives the moderator, still at that page."""
    mona = moderator(visit, f"/accounts/{handle}")
    mona.link("Less than a ban").click()
    mona.page.locator("summary", has_text="Put into the shadow").click()
    form = mona.page.locator("form#shadow")
    form.get_by_label("Why").fill("Sells boats.")
    form.get_by_role("button").click()
    mona.sees("In the shadow since")
    return mona


@BROWSERS
def test_who_is_in_the_shadow_sees_their_comments_live_and_nobody_else_ever_does(
    stage: Stage, visit: Visit, in_firefox: bool
) -> None:
    slug, handle = stage.article("The lock"), "sven" if in_firefox else "svea"
    [first] = stage.fill(slug, 1)
    early, guest, omar = visit(slug, handle), visit(slug), visit(slug, "omar")
    into_the_shadow(visit, handle)
    own = visit(slug, handle, firefox=in_firefox)
    own.replies_to(first).fill(THE_SHADOWED)
    own.button("Post reply").click()
    mine = own.comment(first).locator(f"[data-author={handle}]")
    expect(mine.locator(".comment-body")).to_have_text(THE_SHADOWED)
    expect(mine).to_have_attribute("data-state", "visible")
    own.comment(first).locator("> [data-actions] [data-vote] button").click()
    for page in (own, early):
        expect(page.comment(first).locator("> [data-actions] [data-score]")).to_have_text("1")
        expect(page.comment(first).locator(f"[data-author={handle}] .comment-body")).to_have_text(THE_SHADOWED)
        expect(page.page.locator("#discussion-title")).to_have_text("2 comments")
        expect(page.comment(first).locator("> [data-replies] > summary")).to_have_text("1 reply")
    last = stage.post(slug, "The end.", by="pia")
    for page in (guest, omar):
        expect(page.page.locator("[data-pill]")).to_have_text("1 new comment")
        expect(page.page.locator("#discussion-title")).to_have_text("2 comments")
        page.page.locator("[data-pill]").click()
        expect(page.comment(last)).to_be_visible()
        assert THE_SHADOWED not in page.page.content()
        expect(page.comment(first).locator("> [data-actions] [data-score]")).to_have_text("0")
    own.page.locator("[data-pill]").click()
    same_as_fresh(own)
    own.page.reload()
    expect(mine.locator(".comment-body")).to_have_text(THE_SHADOWED)
    expect(own.page.locator("#discussion-title")).to_have_text("3 comments")


def test_the_shadow_without_scripts_and_what_was_in_it_shown_to_everybody(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The lock")
    stage.run(stage.world.account("sonja"))
    guest = visit(slug)
    mona = into_the_shadow(visit, "sonja")
    sonja = plain(visit, "sonja", slug)
    sonja.posts(THE_SHADOWED)
    mine = sonja.page.locator("[data-author=sonja]")
    expect(mine.locator(".comment-body")).to_have_text(THE_SHADOWED)
    mine.locator(".comment-at").click()
    sonja.page.locator("summary", has_text="Edit").click()
    sonja.page.locator("form#edit").get_by_label("Your comment").fill(THE_SHADOWED + " Edited.")
    sonja.button("Save").click()
    expect(mine).to_contain_text("edited")
    sonja.opens("/accounts/sonja")
    expect(sonja.page.locator(".profile-comments li")).to_have_text(re.compile(THE_SHADOWED))
    expect(sonja.page.get_by_text("1 comment")).to_be_visible()
    omar = plain(visit, "omar", slug)
    expect(omar.page.locator("[data-comment]")).to_have_count(0)
    mona.opens("/accounts/sonja")
    mona.sees("In the shadow, seen by its author alone.")
    mona.link("Less than a ban").click()
    mona.page.get_by_label("Show this comment to everybody").check()
    mona.button("Take @sonja out of the shadow").click()
    expect(guest.page.locator("[data-pill]")).to_have_text("1 new comment")
    omar.reads(slug)
    expect(omar.page.locator(".comment-body")).to_have_text(f"{THE_SHADOWED} Edited.")
    expect(mona.page.get_by_text("Put into the shadow")).to_be_visible()


def test_a_right_that_is_suspended_is_refused_on_the_open_page_with_the_reason(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The lock")
    [first] = stage.fill(slug, 1)
    rosa = visit(slug, "rosa")
    mona = moderator(visit, "/accounts/rosa/ban")
    for right in ("Write and edit comments", "Recommend comments"):
        mona.page.locator("summary", has_text="Suspend one right").click()
        form = mona.page.locator("form#suspend")
        form.get_by_label(right).check()
        form.get_by_label("Why").fill("Too many boats.")
        form.get_by_role("button").click()
    rosa.expects += ["403"]
    rosa.comment(first).locator("> [data-actions] [data-vote] button").click()
    expect(rosa.comment(first).locator(".action-error")).to_contain_text("You cannot recommend comments until")
    rosa.posts("A boat, cheap.")
    expect(rosa.page.locator("[data-error]").first).to_contain_text("Too many boats.")
    expect(rosa.page.locator("#body-new")).to_have_value("A boat, cheap.")
    mona.page.locator("form", has_text="You cannot write comments").get_by_role("button").click()
    rosa.button("Post comment").click()
    expect(rosa.page.locator("[data-author=rosa] .comment-body")).to_have_text("A boat, cheap.")


def test_from_a_banned_network_one_reads_on_and_keeps_the_text_and_a_moderator_lifts_the_ban(
    stage: Stage, visit: Visit
) -> None:
    slug = stage.article("The lock")
    nils, mona = visit(slug, "nils"), moderator(visit, "/moderation/bans")
    mona.page.get_by_label("Ban an address or a network").fill("127.0.0.1")
    mona.page.locator("form", has_text="Ban an address").get_by_role("button").click()
    mona.sees("You write from there yourself.")
    mona.page.get_by_label("Why").fill("Boats again.")
    try:
        mona.button("Ban 127.0.0.1/32").click()
        nils.expects += ["403"]
        nils.posts("I am not selling any.")
        expect(nils.page.locator("[data-error]").first).to_contain_text("From your network nobody can register")
        expect(nils.page.locator("#body-new")).to_have_value("I am not selling any.")
        nils.says("Live")
    finally:
        mona.page.get_by_role("button", name="Lift 127.0.0.1/32").click()
    mona.sees("No network is banned.")
    nils.button("Post comment").click()
    expect(nils.page.locator("[data-author=nils] .comment-body")).to_have_text("I am not selling any.")


def test_a_banned_person_appeals_and_is_told_that_it_waits(stage: Stage, visit: Visit) -> None:
    slug = stage.article("The lock")
    stage.register("bodo", "four cold wet otters")
    stage.ban("bodo", "Boats, boats, boats.")
    bodo = plain(visit)
    bodo.expects += ["403"]
    bodo.opens("/sign-in")
    bodo.signs_in("bodo", "four cold wet otters")
    bodo.link("Appeal").click()
    bodo.sees("Boats, boats, boats.")
    bodo.page.get_by_label("Why should the moderators look again?").fill("It was one boat.")
    bodo.button("Send").click()
    bodo.sees("A moderator will read it and answer")
    bodo.reads(slug)
    bodo.opens("/sign-in")
    bodo.signs_in("bodo", "four cold wet otters")
    bodo.sees("A moderator will read it and answer")
    expect(bodo.link("Appeal")).to_have_count(0)
