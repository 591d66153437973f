/** What the page asks of the Telegram stand-in, and the stream it listens to. */

const TELEGRAM = new URL("../telegram/", document.baseURI);
const RETRY_MS = 1500;
const GONE_AFTER = 4; // tries in vain

export class Refused extends Error {}

async function ask(path, options = {}) {
  const reply = await fetch(new URL(path, TELEGRAM), options);
  if (!reply.ok) throw new Refused(await reason(reply));
  return reply.json();
}

async function reason(reply) {
  const told = await reply.json().catch(() => ({}));
  return typeof told.error === "string" ? told.error : `${reply.status} ${reply.statusText}`;
}

function post(path, value) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(value),
  });
}

export const people = async () => (await ask("people")).people;
export const bot = () => ask("bot");
export const addPerson = (firstName, language) => post("people", { first_name: firstName, language_code: language });
/** Who is what, and in which language a new person's app speaks. */
export const cast = () => ask(new URL("people", document.baseURI));
export const messages = async (person) => (await ask(`people/${person}/messages`)).messages;
export const commands = async (person) => (await ask(`people/${person}/commands`)).commands;
export const tap = (person, messageId, data) => post(`people/${person}/taps`, { message_id: messageId, data });
export const fileUrl = (person, fileId) => new URL(`people/${person}/files/${encodeURIComponent(fileId)}`, TELEGRAM).href;

export function say(person, text, replyTo) {
  return post(`people/${person}/messages`, { text, ...(replyTo && { reply_to_message_id: replyTo }) });
}

export function speak(person, words, replyTo) {
  return post(`people/${person}/messages`, { voice: words, ...(replyTo && { reply_to_message_id: replyTo }) });
}

export const edit = (person, messageId, text) => post(`people/${person}/messages/${messageId}`, { text });

export function sendFile(person, file, caption, replyTo) {
  const body = new FormData();
  if (caption) body.set("caption", caption);
  if (replyTo) body.set("reply_to_message_id", replyTo);
  body.set("file", file);
  return ask(`people/${person}/messages`, { method: "POST", body });
}

/**
 * Hears what happens in a person's private chat with the bot; their groups share the stream and are passed over.
 * Listens while it is wanted and the page is seen, and reconnects by itself, also once the demo has ended: `onLost` is
 * told whether it has. A browser opens only six connections to one address, shared by all its tabs, and every stream
 * holds one: so a hidden page lets go of its own.
 */
export class Stream {
  #source = null;
  #wanted = false;
  #retry = null;
  #failures = 0;

  constructor(person, { onOpen, onLost, on }) {
    Object.assign(this, { person, onOpen, onLost, on });
    document.addEventListener("visibilitychange", () => this.#follow());
  }

  want(wanted) {
    this.#wanted = wanted;
    this.#follow();
  }

  #follow() {
    if (document.hidden || !this.#wanted) this.#close();
    else if (!this.#source) this.#connect();
  }

  #connect() {
    clearTimeout(this.#retry);
    const source = new EventSource(new URL(`people/${this.person}/stream`, TELEGRAM));
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.onOpen();
    };
    source.onerror = () => this.#lost();
    source.addEventListener("ended", () => (this.#failures = GONE_AFTER));
    for (const [event, act] of Object.entries(this.on)) {
      source.addEventListener(event, ({ data }) => this.#heard(JSON.parse(data), act));
    }
  }

  #heard(news, act) {
    const chat = news.chat_id ?? news.chat?.id ?? this.person;
    if (chat === this.person) act(news);
  }

  #lost() {
    this.#failures += 1;
    this.onLost(this.#failures > GONE_AFTER);
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.#close();
    this.#retry = setTimeout(() => this.#follow(), RETRY_MS);
  }

  #close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }
}
