// The roster where scripts run: lines are changed in place, many are selected with Shift, and the counts stay alive.

import { Refusal, ask, element, say } from "./console.js";

const REFRESH_MILLISECONDS = 15000;
const table = document.getElementById("roster");
const many = document.getElementById("many");
let stamp = "";

if (table) {
  const address = `/classes/${table.dataset.class}/roster`;

  const lineOf = (id) => document.getElementById(`e${id}`);
  const idOf = (line) => line.id.slice(1);
  const rowElement = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    return holder.content.querySelector("tr");
  };

  const put = (id, html, { fresh = false } = {}) => {
    const old = lineOf(id);
    if (!old) return null;
    const box = old.querySelector('input[name="enrollment_id"]');
    const made = rowElement(html);
    const madeBox = made.querySelector('input[name="enrollment_id"]');
    if (box && madeBox) madeBox.checked = box.checked;
    if (fresh) made.classList.add("fresh");
    old.replaceWith(made);
    return made;
  };

  const putState = (told) => {
    for (const [id, html] of [["roster-summary", told.summary], ["roster-undo", told.undo]]) {
      const old = document.getElementById(id);
      if (old && html !== undefined) old.replaceWith(element(html));
    }
    if (told.stamp) stamp = told.stamp;
    // The part does not know which status is shown.
    const shown = new URLSearchParams(location.search).get("status");
    for (const link of document.querySelectorAll("#roster-summary .filters a")) {
      if (new URL(link.href).searchParams.get("status") === shown) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  const fail = (error) => say("refused", error instanceof Refusal ? error.sentences : ["The server does not answer; try again."]);

  const open = async (id) => {
    const answer = await ask(`${address}/lines/${id}?change=1`);
    const line = put(id, await answer.text());
    line?.querySelector("select, input:not([type=hidden])")?.focus();
  };

  const close = async (id) => {
    const answer = await ask(`${address}/lines/${id}`);
    put(id, await answer.text())?.querySelector("[data-change]")?.focus();
  };

  const save = async (form) => {
    const id = idOf(form.closest("tr"));
    const told = await (await ask(form.action, { values: new URLSearchParams(new FormData(form)) })).json();
    for (const [changed, html] of Object.entries(told.lines)) put(changed, html, { fresh: true });
    putState(told);
    say(told.warnings.length ? "warning" : "done", [told.done, ...told.warnings]);
    lineOf(id)?.querySelector("[data-change]")?.focus();
  };

  // Why a line was not changed is said in the line, for the top of the page may be far away.
  const refuse = (form, id, error) => {
    fail(error);
    const notice = document.getElementById("notices").firstElementChild;
    if (!form.isConnected || !notice) return;
    form.querySelector("[data-refusals]").replaceChildren(notice);
    const again = element('<button type="button">Begin again with what it is now</button>');
    again.addEventListener("click", () => open(id).catch(fail));
    notice.append(again);
  };

  table.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-change], a[data-leave]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const id = idOf(link.closest("tr"));
    ("change" in link.dataset ? open(id) : close(id)).catch(fail);
  });

  table.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-line]");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    const id = idOf(form.closest("tr"));
    const button = form.querySelector("button");
    button.disabled = true;
    save(form)
      .catch((error) => refuse(form, id, error))
      .finally(() => {
        button.disabled = false;
      });
  });

  // Escape leaves a line as it was; the arrows go from line to line.
  table.addEventListener("keydown", (event) => {
    const line = event.target.closest("tbody tr");
    if (!line) return;
    if (event.key === "Escape" && line.classList.contains("changing")) {
      event.preventDefault();
      close(idOf(line)).catch(fail);
      return;
    }
    if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || event.target.closest("select, input:not([type=checkbox]), textarea")) return;
    const next = event.key === "ArrowDown" ? line.nextElementSibling : line.previousElementSibling;
    if (!next) return;
    event.preventDefault();
    const isBox = event.target.matches('input[name="enrollment_id"]');
    (next.querySelector(isBox ? 'input[name="enrollment_id"]' : "[data-change]") ?? next.querySelector("a, select, input"))?.focus();
  });

  // Selecting: Shift takes everybody in between.
  const boxes = () => [...table.querySelectorAll('input[name="enrollment_id"]')];
  const number = document.getElementById("selected-number");
  const count = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    number.textContent = ticked ? `(${ticked})` : "";
  };
  let last = null;
  table.addEventListener("click", (event) => {
    const box = event.target.closest('input[name="enrollment_id"]');
    if (!box) return;
    if (event.shiftKey && last?.isConnected) {
      const all = boxes();
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
      for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
    count();
  });
  many.querySelector("[data-select-all]").addEventListener("click", (event) => {
    event.preventDefault();
    const all = boxes();
    const wanted = !all.every((box) => box.checked);
    for (const box of all) box.checked = wanted;
    count();
  });
  count();

  many.querySelector("[data-emails]")?.addEventListener("click", (event) => {
    if (!navigator.clipboard) return;
    event.preventDefault();
    event.stopPropagation();
    ask(`${address}/emails`, { values: new URLSearchParams(new FormData(many)) })
      .then((answer) => answer.json())
      .then(async ({ addresses }) => {
        await navigator.clipboard.writeText(addresses.join("; "));
        say("done", `${addresses.length} e-mail addresses are copied.`);
      })
      .catch((error) => {
        if (error instanceof Refusal) fail(error);
        else many.requestSubmit(event.target);
      });
  });

  // The counts stay alive while somebody looks, and what others changed is told.
  const others = document.getElementById("others");
  const tellOthers = (versions) => {
    const lines = [...table.querySelectorAll("tbody tr")];
    const known = new Map(lines.map((line) => [idOf(line), line]));
    const changed = lines.filter((line) => String(versions[idOf(line)]) !== line.dataset.version);
    const isAll = !("filtered" in table.dataset);
    const came = isAll ? Object.keys(versions).filter((id) => !known.has(id)).length : 0;
    for (const line of changed) line.classList.add("stale");
    if (!changed.length && !came) {
      others.replaceChildren();
      return;
    }
    const notice = element('<div class="notice warning"><p></p><a class="button"></a></div>');
    const sum = changed.length + came;
    notice.querySelector("p").textContent = `Others changed ${sum} ${sum === 1 ? "line" : "lines"} of this roster.`;
    notice.querySelector("a").textContent = "Show them";
    notice.querySelector("a").href = location.pathname + location.search;
    others.replaceChildren(notice);
  };
  const refresh = async () => {
    if (document.hidden) return;
    const answer = await ask(`${address}/state?seen=${stamp}`);
    if (answer.status === 204) return;
    const told = await answer.json();
    const isFirst = stamp === "";
    putState(isFirst ? { stamp: told.stamp } : told);
    tellOthers(told.versions);
  };
  const refreshQuietly = () => refresh().catch((error) => console.debug(error));
  setInterval(refreshQuietly, REFRESH_MILLISECONDS);
  document.addEventListener("visibilitychange", refreshQuietly);
}
