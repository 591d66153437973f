/** One person's chat with the bot: its history, what streams in, and what the person does. */

import * as api from "./api.js";
import { Composer } from "./composer.js";
import { elementId, messageElement, summary } from "./message.js";
import { Scroller } from "./scroller.js";
import { render } from "./text.js";

const ACTION_MS = 5_500;
const DRAFT_MS = 30_000;
const TOAST_MS = 4_000;
const TAP_MS = 15_000;
const RETRY_MS = 1_500;
const DOINGS = { upload_document: "sending a file", upload_photo: "sending a photo", record_voice: "recording" };
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });

export class Column {
  #views = new Map();
  #opened = new Set();
  #touched = new Set();
  #timers = new Map();

  constructor(person, bot, caption, onUnread) {
    Object.assign(this, { person, bot, onUnread });
    this.title = [person.first_name, caption].filter(Boolean).join(" · ");
    this.element = document.querySelector("#column").content.firstElementChild.cloneNode(true);
    this.list = this.#find(".messages");
    this.scroller = new Scroller(this.#find(".scroller"), this.list, this.#find(".pill"));
    this.composer = new Composer(this.#find(".composer"), `person-${person.id}`, (message) => this.#send(message));
    this.#dress();
    this.#acceptDrops();
    this.stream = new api.Stream(person.id, {
      onOpen: () => this.#load(),
      onLost: (ended) => this.#lost(ended),
      on: {
        message: (view) => this.#arrived(view),
        deleted: ({ message_id: id }) => this.#remove(id),
        action: ({ action }) => this.#doing(action),
        toast: (toast) => this.#answered(toast),
        draft: (draft) => this.#drafting(draft),
        commands: ({ commands }) => this.#setCommands(commands),
      },
    });
  }

  focus() {
    this.composer.field.focus();
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }

  #dress() {
    const heading = this.#find("h2");
    heading.id = `person-${this.person.id}`;
    heading.textContent = this.title;
    this.element.setAttribute("aria-labelledby", heading.id);
    this.#find(".who .face").textContent = initial(this.person.first_name);
    this.#find(".who .face").dataset.tint = this.person.id % 6;
    this.#find(".welcome .face").textContent = initial(this.bot.first_name);
    this.#find(".welcome h3").textContent = this.bot.first_name;
    this.#find(".start").addEventListener("click", () => this.say("/start"));
    this.composer.label(this.person.first_name);
  }

  #acceptDrops() {
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) this.composer.pick(event.dataTransfer.files);
    });
  }

  #setState(state, status) {
    this.element.dataset.state = state;
    const line = this.#find(".status");
    if (line.textContent !== status) line.textContent = status;
  }

  #lost(ended = this.element.dataset.state === "ended") {
    const state = ended ? "ended" : "connecting";
    const news = ended ? "The demo has ended." : "The connection is lost. Connecting again.";
    if (this.element.dataset.state !== state && (ended || this.element.dataset.state === "ready")) this.#speak(news);
    this.#setState(state, ended ? "the demo has ended" : "connecting…");
    this.#showEnd(ended);
  }

  #showEnd(ended) {
    this.#find(".ended-note").hidden = !ended;
    this.#find(".composer").hidden = ended;
  }

  #speak(text) {
    this.#find(".spoken").textContent = text;
  }

  #idle() {
    this.#setState("ready", `with ${this.bot.first_name}`);
    this.#showEnd(false);
  }

  /** What streams in while the history is being fetched is newer than the history. */
  async #load() {
    const known = [...this.#views.keys()];
    this.#touched.clear();
    try {
      const [views, commands] = await Promise.all([api.messages(this.person.id), api.commands(this.person.id)]);
      const there = new Set(views.map((view) => view.message_id));
      known.filter((id) => !there.has(id) && !this.#touched.has(id)).forEach((id) => this.#remove(id));
      views.filter((view) => !this.#touched.has(view.message_id)).forEach((view) => this.#put(view));
      this.#dateLines();
      this.#setCommands(commands);
      this.#idle();
      this.#find(".welcome").hidden = this.#views.size > 0;
    } catch {
      this.#lost();
      this.#after("load", RETRY_MS, () => this.#load());
    }
  }

  async #setCommands(commands) {
    this.composer.setCommands(commands ?? (await api.commands(this.person.id)));
  }

  #arrived(view) {
    this.#touched.add(view.message_id);
    const isNew = !this.#views.has(view.message_id);
    if (!view.mine) {
      this.#quiet();
      this.#release();
    }
    this.#put(view);
    this.#dateLines();
    if (!isNew) return;
    this.scroller.added(view.mine);
    if (view.mine) return;
    this.#speak(`${this.bot.first_name}: ${summary(view)}`);
    this.onUnread(this);
  }

  #put(view) {
    const id = view.message_id;
    if (JSON.stringify(this.#views.get(id)) === JSON.stringify(view)) return;
    this.#views.set(id, view);
    this.#find(".welcome").hidden = true;
    const element = messageElement(view, this);
    const present = this.#elementOf(id);
    if (present) this.#replace(present, element, id);
    else this.#insert(element, id);
    this.#followQuote(element, id);
  }

  #replace(present, element, id) {
    const focused = focusPath(present);
    present.replaceWith(element);
    if (focused) (element.querySelectorAll("button, a")[focused.at] ?? element.querySelector(".bubble")).focus({ preventScroll: true });
    if (this.#opened.has(id)) element.querySelectorAll("blockquote .more").forEach((more) => more.click());
  }

  #insert(element, id) {
    const later = [...this.#views.keys()].filter((other) => other > id).sort((a, b) => a - b);
    const next = later.map((other) => this.#elementOf(other)).find(Boolean);
    this.list.insertBefore(element, next ?? this.list.querySelector(".passing"));
  }

  #elementOf(id) {
    return this.list.querySelector(`#${elementId(this.person.id, id)}`);
  }

  #followQuote(element, id) {
    for (const more of element.querySelectorAll("blockquote .more")) {
      more.addEventListener("click", () => {
        if (more.ariaExpanded === "true") this.#opened.add(id);
        else this.#opened.delete(id);
      });
    }
  }

  #dateLines() {
    let day = "";
    for (const item of this.list.querySelectorAll(".message[id]")) {
      const date = new Date(item.querySelector("time").dateTime);
      const label = dayLabel(date);
      item.dataset.day = label;
      item.classList.toggle("first-of-day", label !== day);
      day = label;
    }
  }

  #remove(id) {
    this.#touched.add(id);
    this.#views.delete(id);
    this.#elementOf(id)?.remove();
    this.#dateLines();
    this.#find(".welcome").hidden = this.#views.size > 0;
  }

  #doing(action) {
    this.#setState("ready", `${this.bot.first_name} is ${DOINGS[action] ?? "typing"}…`);
    if (!this.list.querySelector(".passing")) this.#pass("typing", dots());
    this.#after("typing", ACTION_MS, () => this.#quiet("typing"));
  }

  #drafting({ text, html }) {
    if (!text && !html) return this.#quiet();
    const body = document.createElement("div");
    body.className = "text";
    body.append(render(html, text, () => {}));
    this.#pass("draft", body);
    this.#after("draft", DRAFT_MS, () => this.#quiet());
  }

  /** A bubble that is no message yet: it stays last and goes when the message comes. */
  #pass(kind, content) {
    let item = this.list.querySelector(".passing");
    if (!item) {
      item = document.createElement("li");
      item.append(document.createElement("div"));
      this.list.append(item);
    }
    item.className = `message theirs passing ${kind}`;
    item.firstChild.className = "bubble";
    item.firstChild.replaceChildren(content);
  }

  #quiet(kind) {
    this.#idle();
    this.#dropTimers(kind ? [kind] : ["typing", "draft"]);
    this.list.querySelector(kind ? `.passing.${kind}` : ".passing")?.remove();
  }

  #dropTimers(names) {
    for (const name of names) clearTimeout(this.#timers.get(name));
  }

  #after(name, milliseconds, act) {
    this.#dropTimers([name]);
    this.#timers.set(name, setTimeout(act, milliseconds));
  }

  #answered({ text, alert }) {
    this.#release();
    if (!text) return;
    if (alert) this.#alert(text);
    else this.#toast(text);
  }

  #alert(text) {
    const dialog = this.#find(".alert");
    dialog.querySelector("p").textContent = text;
    dialog.setAttribute("aria-label", `${this.bot.first_name} says`);
    if (!dialog.open) dialog.showModal();
  }

  #toast(text) {
    const toast = document.createElement("p");
    toast.textContent = text;
    this.#find(".toasts").replaceChildren(toast);
    this.#after("toast", TOAST_MS, () => toast.remove());
  }

  #release() {
    for (const key of this.list.querySelectorAll(".key[aria-busy]")) key.removeAttribute("aria-busy");
  }

  /** Rejects after telling the person, so that the composer can give the words back. */
  async #send({ text, files, replyTo, edited, spoken }) {
    try {
      if (edited) return this.#arrived(await api.edit(this.person.id, edited, text));
      if (spoken) return this.#arrived(await api.speak(this.person.id, text, replyTo));
      if (files.length === 0) this.#arrived(await api.say(this.person.id, text, replyTo));
      for (const [at, file] of files.entries()) {
        this.#arrived(await api.sendFile(this.person.id, file, at === 0 ? text : "", replyTo));
      }
    } catch (error) {
      this.#toast(`${edited ? "Not changed" : "Not sent"}: ${error.message}`);
      throw error;
    }
  }

  say = (text) => this.#send({ text, files: [] }).catch(() => this.focus());

  reply = (view) => this.composer.replyTo(view);

  edit = (view) => this.composer.edit(view);

  show = (id) => {
    const bubble = this.#elementOf(id)?.querySelector(".bubble");
    if (!bubble) return this.#toast("That message is gone.");
    bubble.focus({ preventScroll: true });
    bubble.scrollIntoView({ block: "center" });
    bubble.classList.add("shown");
    bubble.addEventListener("animationend", () => bubble.classList.remove("shown"), { once: true });
  };

  tap = async (view, button, element) => {
    if (element.ariaBusy === "true") return;
    element.ariaBusy = "true";
    this.#after("tap", TAP_MS, () => this.#release());
    try {
      await api.tap(this.person.id, view.message_id, button.callback_data);
    } catch (error) {
      this.#release();
      this.#toast(`The button did not reach ${this.bot.first_name}: ${error.message}`);
    }
  };
}

const initial = (name) => [...(name || "?")][0].toUpperCase();

function focusPath(element) {
  const active = document.activeElement;
  if (!element.contains(active)) return null;
  return { at: [...element.querySelectorAll("button, a")].indexOf(active) };
}

function dayLabel(date) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const days = Math.round((midnight - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  return days === 0 ? "Today" : days === 1 ? "Yesterday" : DAY.format(date);
}

function dots() {
  const line = document.createElement("span");
  line.className = "dots";
  line.ariaHidden = "true";
  line.append(...Array.from({ length: 3 }, () => document.createElement("i")));
  return line;
}
