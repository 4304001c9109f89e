// The search of every page: "/" goes to its box, and what is found appears beneath it while one types. Enter opens the page of the search.

import { ask } from "./console.js";

const LETTERS = 2;
const PAUSE = 200;

const box = document.getElementById("site-search");

function isWriting(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !box || isWriting(event.target)) return;
  event.preventDefault();
  box.focus();
  box.select();
});

/** What is found, beneath the box, as links that the arrow keys go through. */
class Panel {
  constructor(form) {
    this.form = form;
    this.part = document.createElement("div");
    this.part.className = "search-panel";
    this.part.id = "site-search-panel";
    this.part.setAttribute("role", "region");
    this.part.setAttribute("aria-label", "What is found");
    this.part.hidden = true;
    this.told = document.createElement("p");
    this.told.className = "unseen";
    this.told.setAttribute("role", "status");
    form.append(this.part, this.told);
  }

  get links() {
    return [...this.part.querySelectorAll("a")];
  }

  show(html) {
    this.part.innerHTML = html;
    this.part.hidden = false;
    const count = this.part.querySelectorAll(".found-of-kind li").length;
    this.told.textContent = count === 0 ? "Nothing is found." : `${count} found; the arrow keys go through them.`;
  }

  hide() {
    this.part.hidden = true;
    this.told.textContent = "";
  }

  /** Go to the link after the one that has the focus, or before it; before the first one is the box. */
  move(step) {
    const links = this.links;
    const place = links.indexOf(document.activeElement) + step;
    if (place < 0) box.focus();
    else links[Math.min(place, links.length - 1)]?.focus();
  }
}

function searchWhileTyping() {
  const form = box.form;
  const panel = new Panel(form);
  let waiting;
  let asking;

  async function find() {
    asking?.abort();
    const typed = box.value.trim();
    if (typed.length < LETTERS) {
      panel.hide();
      return;
    }
    const mine = (asking = new AbortController());
    try {
      const answer = await ask(`/search?${new URLSearchParams({ q: typed })}`, { signal: mine.signal });
      const html = await answer.text();
      if (!mine.signal.aborted && form.contains(document.activeElement)) panel.show(html);
    } catch {
      // Typing on asks again, and Enter opens the page, which says what is wrong.
      if (!mine.signal.aborted) panel.hide();
    }
  }

  box.setAttribute("aria-controls", panel.part.id);
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    asking?.abort();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.part.hidden) {
      event.preventDefault();
      panel.hide();
      box.focus();
    } else if (!panel.part.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      panel.move(event.key === "ArrowDown" ? 1 : -1);
    }
  });
  document.addEventListener("focusin", (event) => {
    if (!form.contains(event.target)) panel.hide();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) panel.hide();
  });
}

if (box) searchWhileTyping();
