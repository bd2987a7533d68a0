// @ts-check
/**
 * The only place where text becomes markup, and only text that our own server has rendered and cleaned.
 * Everything else that people wrote goes through textContent.
 */

/**
 * The server's markup as nodes that belong to this document.
 * @param {string} markup
 * @returns {DocumentFragment}
 */
export function fragment(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return document.importNode(template.content, true);
}

/**
 * The one `<li>` of a comment, from the server's markup.
 * @param {string} markup
 * @returns {HTMLElement}
 */
export function listItem(markup) {
  const item = fragment(markup).querySelector("li[data-comment]");
  if (!(item instanceof HTMLElement)) throw new TypeError("not a comment");
  return item;
}

/**
 * Another page of ours, fetched past the browser's cache. Throws where it cannot be had.
 * @param {string} url
 * @returns {Promise<Document>}
 */
export async function fetchPage(url) {
  const answer = await fetch(url, { cache: "no-store", headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/**
 * A new element with text in it.
 * @param {string} name
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
