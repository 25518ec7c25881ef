// Bulk selection: the strip above a table counts what is ticked; nothing moves.
const number = (value) => value.toLocaleString("vi-VN");

function bindStrip(strip) {
  const section = strip.closest("[data-listing]");
  const rows = [...section.querySelectorAll("[data-bulk-row]")];
  if (!rows.length || strip.dataset.bound) return;
  strip.dataset.bound = "yes";
  const all = strip.querySelector("[data-bulk-all]");
  const page = section.querySelector("[data-bulk-page]");
  const count = strip.querySelector("[data-bulk-count]");
  const clear = strip.querySelector("[data-bulk-clear]");
  const buttons = strip.querySelectorAll("button[type=submit]");
  let last = null;

  const show = () => {
    const chosen = rows.filter((row) => row.checked).length;
    const active = chosen > 0 || all.checked;
    strip.classList.toggle("is-active", active);
    count.hidden = !chosen || all.checked;
    clear.hidden = !active;
    count.querySelector("strong").textContent = number(chosen);
    page.checked = chosen === rows.length;
    page.indeterminate = chosen > 0 && chosen < rows.length;
    for (const button of buttons) button.disabled = !active;
    for (const row of rows) row.closest("tr").classList.toggle("is-picked", row.checked || all.checked);
  };
  const none = () => {
    for (const row of rows) row.checked = false;
    all.checked = false;
    show();
  };

  page.hidden = false;
  page.addEventListener("change", () => { for (const row of rows) row.checked = page.checked; show(); });
  rows.forEach((row, index) => row.addEventListener("click", (event) => {
    if (event.shiftKey && last !== null) {
      const [from, to] = [Math.min(last, index), Math.max(last, index)];
      for (let i = from; i <= to; i += 1) rows[i].checked = row.checked;
    }
    last = index;
    show();
  }));
  all.addEventListener("change", show);
  clear.addEventListener("click", none);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && strip.isConnected && strip.classList.contains("is-active")) none();
  });
  show();
}

export function bindSelection(root) {
  for (const strip of root.querySelectorAll("[data-bulk]")) bindStrip(strip);
}
