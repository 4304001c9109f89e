// What every page does where scripts run. Pages work without it.

const token = document.body.dataset.formToken;

/** Send a form's values, or ask for a part of a page; gives the answer, or throws a Refusal. */
export async function ask(address, { values, signal } = {}) {
  const given = {
    headers: { "rollbook-fetch": "1", "rollbook-form-token": token },
    credentials: "same-origin",
    signal,
  };
  if (values !== undefined) {
    given.method = "POST";
    given.body = values instanceof URLSearchParams ? values : new URLSearchParams(values);
  }
  const answer = await fetch(address, given);
  if (!answer.ok) {
    const isJson = (answer.headers.get("content-type") ?? "").startsWith("application/json");
    const told = isJson ? await answer.json() : {};
    throw new Refusal(answer.status, told.refused ?? [`The server answered ${answer.status}; try again.`]);
  }
  return answer;
}

/** That the server refused something, with its sentences. */
export class Refusal extends Error {
  constructor(status, sentences) {
    super(sentences.join(" "));
    this.status = status;
    this.sentences = sentences;
  }
}

/** Say something at the top of the page: `kind` is done, warning or refused. */
export function say(kind, sentences) {
  const notices = document.getElementById("notices");
  const notice = document.createElement("div");
  notice.className = `notice ${kind}`;
  notice.setAttribute("role", kind === "refused" ? "alert" : "status");
  const list = document.createElement("ul");
  for (const sentence of [sentences].flat()) {
    const item = document.createElement("li");
    item.textContent = sentence;
    list.append(item);
  }
  notice.append(list);
  notices.replaceChildren(notice);
}

/** Make an element of a part of a page that the server rendered. */
export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The account's sheet closes when one goes elsewhere.
const account = document.querySelector("details.account");
document.addEventListener("click", (event) => {
  if (account?.open && !account.contains(event.target)) account.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && account?.open) {
    account.open = false;
    account.querySelector("summary").focus();
  }
});

// On a narrow screen the menu scrolls sideways; where one is comes into sight.
const menu = document.querySelector(".menu");
const here = menu?.querySelector("[aria-current]");
if (here) menu.scrollLeft += here.getBoundingClientRect().left - menu.getBoundingClientRect().left - (menu.clientWidth - here.clientWidth) / 2;
