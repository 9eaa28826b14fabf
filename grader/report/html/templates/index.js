"use strict";
(() => {
  const table = document.getElementById("table");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const heads = Array.from(table.tHead.rows[0].cells);
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const value = (row, column) => row.cells[column].dataset.v;
  const compare = (column) => (one, other) => {
    const left = value(one, column);
    return left === undefined
      ? order.compare(one.cells[column].textContent, other.cells[column].textContent)
      : Number(left) - Number(value(other, column));
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sorted = rows.slice().sort(compare(column));
      body.append(...(down ? sorted.reverse() : sorted));
    });
  });
  const shown = document.getElementById("shown");
  document.getElementById("filter").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    let count = 0;
    rows.forEach((row, position) => {
      row.hidden = !texts[position].includes(wanted);
      count += row.hidden ? 0 : 1;
    });
    shown.textContent = wanted ? `${count} / ${rows.length}` : "";
  });
  document.getElementById("tools").hidden = false;
})();
