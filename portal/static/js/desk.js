// The matching desk by keyboard: J and K move, Enter and figures take a proposal, letters press the button that bears them.
const typing = (element) => element.closest("input, textarea, select, summary, [contenteditable]");

const press = (key) => {
  const target = document.querySelector(`[data-desk] [data-key="${CSS.escape(key)}"], .desk-undo [data-key="${CSS.escape(key)}"]`);
  if (target && !target.disabled) { target.click(); return true; }
  return false;
};

export function bindDesk(root) {
  const desk = root.querySelector("[data-desk]:not([data-desk-ready])");
  if (!desk) return;
  desk.dataset.deskReady = "yes";
  desk.classList.add("has-keys");
  desk.querySelector(".desk-lines [aria-current]")?.scrollIntoView({ block: "nearest" });
  for (const button of desk.querySelectorAll("[data-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const fold = document.querySelector(button.dataset.open);
      fold.open = true;
      fold.scrollIntoView({ block: "nearest" });
      fold.querySelector("input:not([type=hidden]), select")?.focus();
    });
  }
}

export function bindDeskKeys() {
  document.addEventListener("keydown", (event) => {
    const desk = document.querySelector("[data-desk]");
    if (!desk || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape" && event.target.closest(".desk-fold")) {
      event.target.closest(".desk-fold").open = false;
      desk.querySelector(".desk-proposals button, .desk-bar button")?.focus();
      return;
    }
    if (typing(event.target)) return;
    if (event.key === "Enter" && event.target.closest("a, button")) return; // what has the focus is pressed
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const way = { j: desk.dataset.below, k: desk.dataset.above }[key];
    if (way) { event.preventDefault(); location.assign(way); return; }
    if (press(key)) event.preventDefault();
  });
}
