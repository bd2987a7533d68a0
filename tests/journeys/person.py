"""Somebody at a browser: a page of their own, and all that went wrong on it."""

from dataclasses import dataclass, field
from time import monotonic

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

# Every browser tells of a breach in an event, but not every one on the console.
TELL_OF_BREACHES = """
document.addEventListener("securitypolicyviolation",
  (event) => console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`));
"""

# What Chromium says of a page that is left while its socket is being opened.
LEFT_EARLY = "WebSocket is closed before the connection is established"

# Before these scripts have come, "Reply" leads to the comment's own page, and a vote is sent as a form.
WRITING_LOADED = """async () => {
  const main = document.querySelector("script[type=module]").src;
  const scripts = document.body.dataset.viewer ? ["reply.js", "voting.js"] : [];
  await Promise.all(scripts.map((one) => import(new URL(one, main)).catch(() => {})));
}"""


@dataclass
class Person:
    """A person, their open page, and where the site is for them.

    `expects` names the console errors that belong to the journey, such as "422".
    """

    page: Page
    site: str
    has_scripts: bool = True
    expects: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note from now on what goes wrong on any page of this person."""
        self.page.context.add_init_script(TELL_OF_BREACHES)
        self.page.context.on("console", self._console)
        self.page.context.on("weberror", lambda error: self.troubles.append(f"error: {error.error}"))
        self.page.context.on("request", self._request)

    def found(self) -> list[str]:
        """What went wrong and does not belong to the journey."""
        return [trouble for trouble in self.troubles if not any(words in trouble for words in self.expects)]

    @property
    def context(self) -> BrowserContext:
        """Their browser, as far as cookies and storage go."""
        return self.page.context

    def opens(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(self.site + path)

    def reads(self, slug: str, query: str = "") -> None:
        """Go to an article; with scripts, wait until its discussion is live."""
        self.opens(f"/articles/{slug}{query}")
        if self.has_scripts:
            self.is_live()

    def is_live(self, seconds: float = 10) -> None:
        """Wait until the page is connected, and answers in place where somebody is signed in."""
        self.says("Live", seconds)
        self.page.evaluate(WRITING_LOADED)

    def says(self, word: str, seconds: float = 10) -> None:
        """Wait until the live state is this word: Live, Reconnecting, Offline."""
        expect(self.page.locator("[data-live-word]")).to_have_text(word, timeout=seconds * 1000)

    def sees(self, text: str) -> None:
        """Wait until this text is on screen."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def waits_for(self, script: str, arg: object = None, seconds: float = 10) -> None:
        """Wait until an asynchronous script gives true: `wait_for_function` would take its promise for that."""
        end = monotonic() + seconds
        while not self.page.evaluate(script, arg):
            assert monotonic() < end, f"never true: {script}"
            self.page.wait_for_timeout(20)

    def comment(self, comment: int) -> Locator:
        """A comment's `<li>`."""
        return self.page.locator(f"#comment-{comment}")

    def button(self, name: str) -> Locator:
        """The button with this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """The link with this name."""
        return self.page.get_by_role("link", name=name, exact=True)

    def replies_to(self, comment: int) -> Locator:
        """Open the composer beneath a comment; gives the field."""
        self.comment(comment).locator("> [data-actions] [data-reply]").click()
        return self.page.locator(f"#body-{comment}")

    def writes(self, text: str) -> Locator:
        """Write a text in the composer at the head of the discussion, and leave it there."""
        field = self.page.locator("#body-new")
        field.fill(text)
        return field

    def posts(self, text: str) -> None:
        """Write a top-level comment and post it."""
        self.writes(text)
        self.button("Post comment").click()

    def signs_in(self, login: str, password: str) -> None:
        """Fill in the page of the sign-in, and send it."""
        self.page.get_by_label("Handle or e-mail address").fill(login)
        self.page.get_by_label("Password").fill(password)
        self.button("Sign in").click()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and LEFT_EARLY not in message.text:
            self.troubles.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.site + "/", "data:", "about:")):
            self.troubles.append(f"a request to {request.url}")
