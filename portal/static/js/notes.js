// Counted notes: what each denomination comes to, and the whole, while it is typed. Without it the server adds up.
const number = (value) => (value ? value.toLocaleString("vi-VN") : "");
const pieces = (input) => (/^\d{1,9}$/.test(input.value.trim()) ? Number(input.value.trim()) : 0);

export function bindNotes(root) {
  for (const table of root.querySelectorAll("[data-notes]:not([data-ready])")) {
    table.dataset.ready = "yes";
    const inputs = [...table.querySelectorAll("[data-note]")];
    const add = () => {
      let total = 0;
      for (const input of inputs) {
        const sum = pieces(input) * Number(input.dataset.note);
        input.closest("tr").querySelector("[data-sum]").textContent = number(sum);
        total += sum;
      }
      table.querySelector("[data-total]").textContent = number(total);
    };
    table.addEventListener("input", add);
    add();
  }
}
