// A table pasted into a cell of a grid without a script of its own (data-paste-grid) fills the cells from there on; what
// does not fit goes into the text area of the form, which sends it to the server.
export function bindPaste(root) {
  for (const grid of root.querySelectorAll("[data-paste-grid]:not([data-paste-ready])")) {
    grid.dataset.pasteReady = "yes";
    grid.addEventListener("paste", (event) => paste(event, grid));
  }
}

function paste(event, grid) {
  const cell = event.target;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (cell.tagName !== "INPUT" || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
  const rows = [...grid.querySelectorAll("tbody tr:has(input)")].map((row) => [...row.querySelectorAll("input")]);
  const top = rows.findIndex((row) => row.includes(cell));
  const left = rows[top].indexOf(cell);
  const quoted = text.includes('"');
  if (quoted || top + lines.length > rows.length || left + Math.max(...lines.map((line) => line.length)) > rows[top].length) {
    handOver(grid, text);
    return;
  }
  lines.forEach((line, down) => line.forEach((value, right) => { rows[top + down][left + right].value = value.trim(); }));
  cell.dispatchEvent(new Event("input", { bubbles: true }));
  rows[top + lines.length - 1][left].focus();
}

function handOver(grid, text) {
  const area = document.getElementById(grid.dataset.pasteGrid);
  area.closest("details").open = true;
  area.value = text;
  area.focus();
}
