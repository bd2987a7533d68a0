// @ts-check
/** A menu closes when its person turns to something else, and by Escape. */

const OPEN = "[data-menu][open], [data-more][open]";

export function startMenus() {
  for (const event of ["pointerdown", "focusin"]) {
    document.addEventListener(event, ({ target }) => {
      for (const menu of document.querySelectorAll(OPEN)) {
        if (target instanceof Node && !menu.contains(target)) menu.removeAttribute("open");
      }
    });
  }
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement?.closest(OPEN);
    if (!menu) return;
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  });
}
