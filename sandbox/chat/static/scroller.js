/** Keeps the newest message in sight unless the person reads above; then a pill counts what came. */

const NEAR_PX = 60;

export class Scroller {
  #follows = true;
  #unseen = 0;

  constructor(box, list, pill) {
    Object.assign(this, { box, pill });
    box.addEventListener("scroll", () => this.#moved());
    pill.addEventListener("click", () => this.toEnd());
    const sizes = new ResizeObserver(() => this.#follows && this.toEnd());
    sizes.observe(box);
    sizes.observe(list);
  }

  added(mine) {
    if (this.#follows || mine) return this.toEnd();
    this.#unseen += 1;
    this.#drawPill();
  }

  toEnd() {
    this.#follows = true;
    this.box.scrollTop = this.box.scrollHeight;
    this.#unseen = 0;
    this.#drawPill();
  }

  #moved() {
    this.#follows = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR_PX;
    if (this.#follows) this.#unseen = 0;
    this.#drawPill();
  }

  #drawPill() {
    this.pill.hidden = this.#follows;
    const count = this.#unseen;
    this.pill.querySelector("span").textContent =
      count === 0 ? "Latest" : `${count} new ${count === 1 ? "message" : "messages"}`;
  }
}
