// Rectangles over a picture: drawn with mouse, finger or pen, kept as rows of four numbers (per cent) that are sent.
const SVG = "http://www.w3.org/2000/svg";
const LEAST = 0.5; // per cent: less is a slip

const read = (text) => Number.parseFloat(text.trim().replace("%", "").replace(",", "."));
const write = (value) => (Math.round(value * 1000) / 1000).toString().replace(".", ",");
const clamp = (value) => Math.min(100, Math.max(0, value));

export function bindCovers(root) {
  for (const form of root.querySelectorAll("form[data-covers]:not([data-covers-ready])")) {
    form.dataset.coversReady = "yes";
    bindOne(form);
  }
}

function bindOne(form) {
  const layer = form.querySelector("[data-cover-layer]");
  const picture = layer.previousElementSibling;
  const body = form.querySelector(".cover-rows tbody");
  const rows = () => [...body.querySelectorAll("[data-cover-row]")];
  const cells = (row) => [...row.querySelectorAll("input")];
  const blank = (row) => cells(row).every((cell) => !cell.value.trim());

  const fit = () => { layer.setAttribute("height", picture.clientHeight); };
  const rectangle = ([x, y, width, height], kind) => {
    const drawn = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ x, y, width, height })) drawn.setAttribute(name, value);
    if (kind) drawn.classList.add(kind);
    layer.append(drawn);
    return drawn;
  };
  const show = () => {
    layer.replaceChildren();
    for (const row of rows()) {
      const box = cells(row).map((cell) => read(cell.value));
      row.querySelector("[data-cover-remove]").hidden = blank(row);
      if (box.every((side) => Number.isFinite(side) && side >= 0)) rectangle(box, row.contains(document.activeElement) ? "is-here" : "");
    }
  };
  const number = () => {
    rows().forEach((row, index) => {
      row.querySelector("th").textContent = index + 1;
      row.querySelector("[data-cover-remove] span").textContent = ` ô ${index + 1}`;
      cells(row).forEach((cell) => { cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace(/Ô \d+/u, `Ô ${index + 1}`)); });
    });
  };
  const empty = () => {
    const row = rows().at(-1).cloneNode(true);
    for (const cell of cells(row)) cell.value = "";
    body.append(row);
    number();
    return row;
  };
  const add = (box) => {
    const row = rows().find(blank) ?? empty();
    cells(row).forEach((cell, index) => { cell.value = write(box[index]); });
    form.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  };

  let from = null;
  let drawn = null;
  const at = (event) => {
    const frame = layer.getBoundingClientRect();
    return [clamp(((event.clientX - frame.left) / frame.width) * 100), clamp(((event.clientY - frame.top) / frame.height) * 100)];
  };
  const between = ([x, y]) => [Math.min(x, from[0]), Math.min(y, from[1]), Math.abs(x - from[0]), Math.abs(y - from[1])];
  layer.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    layer.setPointerCapture(event.pointerId);
    from = at(event);
    drawn = rectangle([...from, 0, 0], "is-drawn");
  });
  layer.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y, width, height] = between(at(event));
    for (const [name, value] of Object.entries({ x, y, width, height })) drawn.setAttribute(name, value);
  });
  const end = (event) => {
    if (!from) return;
    const box = between(at(event));
    from = null;
    drawn.remove();
    if (event.type === "pointerup" && box[2] >= LEAST && box[3] >= LEAST) add(box);
  };
  layer.addEventListener("pointerup", end);
  layer.addEventListener("pointercancel", end);

  body.addEventListener("input", show);
  body.addEventListener("focusin", show);
  body.addEventListener("click", (event) => {
    const button = event.target.closest("[data-cover-remove]");
    if (!button) return;
    const row = button.closest("[data-cover-row]");
    if (rows().length > 1) row.remove();
    else for (const cell of cells(row)) cell.value = "";
    number();
    show();
    (rows()[0].querySelector("input")).focus();
  });

  layer.classList.add("is-ready");
  form.querySelector("[data-cover-help]").hidden = false;
  if (picture.complete) fit();
  picture.addEventListener("load", fit);
  new ResizeObserver(fit).observe(picture);
  show();
}
