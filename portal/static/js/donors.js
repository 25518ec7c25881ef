// Who is being typed, of those in the books: a list under any field with data-donor-picker (its address, asked by POST).
// Arrows move, Enter takes the marked one, Esc keeps what was typed as somebody new. Likely twins come marked.
// data-donor-id names the hidden field of the one that was taken; data-donor-name, -kind, -address, -phone and -tax name
// the other fields of the same form by their ids, data-donor-state the line that says what will be recorded, data-donor-new
// the hidden field that is 1 when somebody new is meant.
const WAIT = 150;
const LEAST = 2;
const NEW = "Ghi người mới.";

class DonorPicker {
  constructor(input) {
    this.input = input;
    this.form = input.form;
    this.list = document.getElementById(input.getAttribute("aria-controls"));
    this.id = this.field("id");
    this.name = this.field("name") || input;
    this.state = this.field("state");
    this.fresh = this.field("new");
    this.current = -1;
    this.timer = null;
    this.asked = 0;
    this.kept = null;
    this.takenName = this.id.value ? this.name.value : null;
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      event.preventDefault();
      if (option) this.take(option);
    });
    if (this.name !== input) this.name.addEventListener("input", () => this.forget());
  }

  field(part) {
    const name = this.input.getAttribute(`data-donor-${part}`);
    return name ? document.getElementById(name) : null;
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  get isOpen() { return !this.list.hidden; }

  typed() {
    this.forget();
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (text.length < LEAST || (this.kept !== null && text.startsWith(this.kept))) { this.close(); return; }
    this.kept = null;
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  forget() {
    if (this.fresh) this.fresh.value = "";
    if (!this.id.value || this.name.value === this.takenName) return;
    this.id.value = "";
    this.takenName = null;
    this.say("");
    this.tell("donor:new", {});
  }

  async ask() {
    clearTimeout(this.timer);
    const turn = ++this.asked;
    const values = { text: this.input.value, csrf_token: this.form.elements.csrf_token?.value || "" };
    for (const part of ["phone", "tax"]) {
      const other = this.field(part);
      if (other && other.value) values[part === "tax" ? "tax_code" : part] = other.value;
    }
    await window.htmx.ajax("POST", this.input.dataset.donorPicker, { source: this.list, target: this.list, swap: "innerHTML", values });
    if (turn === this.asked) this.open();
  }

  open() {
    if (document.activeElement !== this.input || !this.list.querySelector("[role=listbox]")) return;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(this.options.findIndex((option) => "twin" in option.dataset));
  }

  close() {
    this.list.hidden = true;
    this.current = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark(index) {
    this.current = index;
    this.options.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    if (index < 0) { this.input.removeAttribute("aria-activedescendant"); return; }
    this.input.setAttribute("aria-activedescendant", this.options[index].id);
    this.options[index].scrollIntoView({ block: "nearest" });
  }

  move(step) {
    const count = this.options.length;
    if (count) this.mark((this.current + step + (this.current < 0 && step < 0 ? 1 : 0) + count) % count);
  }

  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.isOpen) {
      if (event.key === "ArrowDown" && this.input.value.trim().length >= LEAST) { event.preventDefault(); this.kept = null; this.ask(); }
      return;
    }
    if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (event.key === "Enter" && this.current >= 0) this.take(this.options[this.current]);
    else if (event.key === "Enter" || event.key === "Escape") this.keep();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(option) {
    const { id, name, kind, address } = option.dataset;
    this.close();
    this.id.value = id;
    if (this.fresh) this.fresh.value = "";
    this.takenName = name;
    this.set(this.name, name);
    this.fill(this.field("kind"), kind);
    this.fill(this.field("address"), address);
    this.say(`Lấy người có trong sổ: ${[name, option.querySelector(".muted")?.textContent].filter(Boolean).join(", ")}.`);
    this.tell("donor:taken", { id, name, kind, address });
  }

  keep() {
    this.close();
    this.kept = this.input.value.trim();
    this.id.value = "";
    if (this.fresh) this.fresh.value = "1";
    this.takenName = null;
    this.say(NEW);
    this.tell("donor:new", {});
  }

  leave() {
    const twin = this.isOpen && this.options.some((option) => "twin" in option.dataset);
    if (twin && !this.id.value) this.say("Trong sổ có người trùng. Trở lại ô này, bấm phím mũi tên xuống để xem và lấy người đó.");
    clearTimeout(this.timer);
    this.asked += 1;
    this.close();
  }

  fill(field, value) {
    if (!field || !value) return;
    const before = field.dataset.donorFilled;
    if (field.value && field.value !== before) return;
    if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === value)) return;
    field.dataset.donorFilled = value;
    this.set(field, value);
  }

  set(field, value) {
    if (field.value === value) return;
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  say(text) { if (this.state) this.state.textContent = text; }

  tell(name, detail) { this.input.dispatchEvent(new CustomEvent(name, { bubbles: true, detail })); }
}

export function bindDonorPickers(root) {
  for (const input of root.querySelectorAll("[data-donor-picker]:not([data-ready])")) {
    if (!input.form || !input.getAttribute("data-donor-id")) continue;
    input.dataset.ready = "yes";
    new DonorPicker(input);
  }
}
