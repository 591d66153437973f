/** Where a person writes: text of several lines, files, a reply, a change, a voice note, and the menu of commands. */

import { summary } from "./message.js";
import { size } from "./text.js";

const TOUCH = matchMedia("(pointer: coarse)");
const SPEAK_HINT = "Write what you say, then tap the microphone";

export class Composer {
  #commands = [];
  #files = [];
  #reply = null;
  #edits = null;
  #chosen = -1;

  /** `send({text, files, replyTo, edited, spoken})` resolves when all of it has arrived and rejects otherwise. */
  constructor(form, id, send) {
    this.form = form;
    this.send = send;
    this.field = form.querySelector("textarea");
    this.menu = form.querySelector(".commands");
    this.menu.id = `${id}-commands`;
    this.field.setAttribute("aria-controls", this.menu.id);
    this.#listen(form.querySelector("input[type=file]"));
  }

  label(name) {
    this.field.ariaLabel = `Message from ${name}`;
  }

  setCommands(commands) {
    this.#commands = commands;
    this.form.querySelector(".open-commands").hidden = commands.length === 0;
  }

  replyTo(view) {
    this.#leaveEdit();
    this.#reply = view;
    this.#quote(view);
  }

  /** The words of a message go into the field, and what is there when it is sent takes their place. */
  edit(view) {
    this.#set(view.text ?? view.caption ?? "", [], null);
    this.#edits = view;
    this.form.dataset.edits = "";
    this.#quote(view);
  }

  #leaveEdit() {
    if (!this.#edits) return;
    this.#edits = null;
    delete this.form.dataset.edits;
    this.field.value = "";
    this.#grow();
  }

  #quote(view) {
    const bar = this.form.querySelector(".quoting");
    bar.hidden = !view;
    bar.querySelector("p").textContent = view ? summary(view) : "";
    if (view) this.field.focus();
  }

  pick(files) {
    if (this.#edits) this.replyTo(null);
    this.#files.push(...files);
    this.#drawFiles();
    this.field.focus();
  }

  #listen(input) {
    const on = (selector, act) => this.form.querySelector(selector).addEventListener("click", act);
    on(".open-commands", () => this.#toggleMenu());
    on(".quoting .icon", () => this.replyTo(null));
    on(".attach", () => input.click());
    on(".voice", () => this.#speak());
    input.addEventListener("change", () => {
      this.pick(input.files);
      input.value = "";
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.form.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.form.contains(relatedTarget)) this.#closeMenu();
    });
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) this.pick(event.clipboardData.files);
    });
  }

  #speak() {
    if (this.field.value.trim()) return this.#submit({ spoken: true });
    this.field.placeholder = SPEAK_HINT;
    this.field.focus();
  }

  async #submit({ spoken = false } = {}) {
    const edited = this.#edits;
    const text = this.field.value.trim();
    const message = { text, files: spoken ? [] : this.#files, replyTo: this.#reply?.message_id, edited: edited?.message_id, spoken };
    if (!message.text && message.files.length === 0 && !edited?.caption) return;
    const before = { text: this.field.value, files: this.#files, reply: this.#reply };
    this.#set("", spoken ? this.#files : [], null);
    this.field.placeholder = "Message";
    if (edited && message.text === (edited.text ?? edited.caption)) return;
    try {
      await this.send(message);
    } catch {
      if (this.field.value || (this.#files.length && !spoken)) return;
      if (edited) this.edit(edited);
      else this.#set(before.text, before.files, before.reply);
      this.field.value = before.text;
      this.#grow();
    }
  }

  #set(text, files, reply) {
    this.#files = files;
    this.#drawFiles();
    this.replyTo(reply);
    this.field.value = text;
    this.#grow();
    this.#closeMenu();
  }

  #drawFiles() {
    const list = this.form.querySelector(".picked");
    list.hidden = this.#files.length === 0;
    list.replaceChildren(...this.#files.map((file) => this.#fileItem(file)));
  }

  #fileItem(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = `${file.name} · ${size(file.size)}`;
    const drop = this.form.querySelector(".quoting .icon").cloneNode(true);
    drop.ariaLabel = `Remove ${file.name}`;
    drop.addEventListener("click", () => {
      this.#files = this.#files.filter((other) => other !== file);
      this.#drawFiles();
      this.field.focus();
    });
    item.append(name, drop);
    return item;
  }

  #typed() {
    this.#grow();
    const begun = /^\/(\w*)$/.exec(this.field.value);
    if (begun) this.#openMenu(begun[1].toLowerCase());
    else this.#closeMenu();
  }

  #grow() {
    this.field.style.height = "auto";
    if (this.field.value) this.field.style.height = `${this.field.scrollHeight}px`;
  }

  #key(event) {
    if (event.isComposing) return;
    if (!this.menu.hidden && this.#menuKey(event.key)) event.preventDefault();
    else if (event.key === "Escape") this.replyTo(null);
    else if (event.key === "Enter" && !event.shiftKey && !TOUCH.matches) {
      event.preventDefault();
      this.#submit();
    }
  }

  #menuKey(key) {
    const options = [...this.menu.children];
    if (key === "Escape") this.#closeMenu();
    else if (key === "ArrowDown") this.#choose((this.#chosen + 1) % options.length);
    else if (key === "ArrowUp") this.#choose((Math.max(this.#chosen, 0) - 1 + options.length) % options.length);
    else if (key === "Tab") this.#complete(options[Math.max(this.#chosen, 0)]);
    else if (key === "Enter" && this.#chosen >= 0) options[this.#chosen].click();
    else return false;
    return true;
  }

  #complete(option) {
    this.field.value = `/${option.dataset.command} `;
    this.#closeMenu();
  }

  #choose(index) {
    this.#chosen = index;
    [...this.menu.children].forEach((option, at) => (option.ariaSelected = String(at === index)));
    const option = this.menu.children[index];
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  #toggleMenu() {
    if (this.menu.hidden) this.#openMenu("");
    else this.#closeMenu();
    this.field.focus();
  }

  #openMenu(begun) {
    const found = this.#commands.filter(({ command }) => command.startsWith(begun));
    if (found.length === 0) return this.#closeMenu();
    this.menu.replaceChildren(...found.map((command, at) => this.#option(command, at)));
    this.menu.hidden = false;
    this.menu.scrollTop = 0;
    this.#chosen = -1;
    this.field.removeAttribute("aria-activedescendant");
  }

  #closeMenu() {
    this.menu.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  #option({ command, description }, at) {
    const option = document.createElement("li");
    Object.assign(option, { id: `${this.menu.id}-${at}`, role: "option", ariaSelected: "false" });
    option.dataset.command = command;
    const name = document.createElement("strong");
    name.textContent = `/${command}`;
    const what = document.createElement("span");
    what.textContent = description;
    option.append(name, what);
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => {
      this.#closeMenu();
      if (this.field.value.startsWith("/")) this.#set("", this.#files, this.#reply);
      this.send({ text: `/${command}`, files: [] }).catch(() => this.field.focus());
    });
    return option;
  }
}
