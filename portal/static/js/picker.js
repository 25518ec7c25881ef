// A text field with suggestions from data-picker (?q=…). Arrows move, Enter takes, Esc keeps what was typed.
function bindPicker(input) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  let timer = null;
  let current = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];

  const close = () => {
    list.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    current = index;
    options().forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    if (index >= 0) input.setAttribute("aria-activedescendant", options()[index].id);
  };
  const take = (option) => {
    input.value = option.dataset.value;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const ask = async () => {
    const url = new URL(input.dataset.picker, location.href);
    url.searchParams.set("q", input.value);
    await window.htmx.ajax("GET", url.pathname + url.search, { target: list, swap: "innerHTML" });
    list.hidden = document.activeElement !== input;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2) { close(); return; }
    timer = setTimeout(ask, 200);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const count = options().length;
    if (event.key === "ArrowDown" && count) { event.preventDefault(); mark((current + 1) % count); }
    else if (event.key === "ArrowUp" && count) { event.preventDefault(); mark((current - 1 + count) % count); }
    else if (event.key === "Enter" && current >= 0) { event.preventDefault(); take(options()[current]); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) { event.preventDefault(); take(option); }
  });
  input.addEventListener("blur", close);
}

export function bindPickers(root) {
  for (const input of root.querySelectorAll("[data-picker]:not([data-ready])")) {
    input.dataset.ready = "yes";
    bindPicker(input);
  }
}
