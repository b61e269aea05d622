"use strict";
// Sorting and searching the students, and opening what a link leads to. The table's rows are the
// data: nothing that a student wrote is ever made into markup here.
(() => {
  // To lay out thousands of rows takes a browser a second, at every change. Nobody reads more
  // than these before searching or sorting, and one button shows the rest.
  const MOST = 200;

  const table = document.getElementById("class");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const headings = Array.from(table.tHead.rows[0].cells);
  const form = document.getElementById("search");
  const query = document.getElementById("query");
  const shown = document.getElementById("shown");
  const more = document.getElementById("more");
  let fitting = rows;
  let all = false;

  const students = (count) => `${count} ${count === 1 ? "student" : "students"}`;

  const show = () => {
    const cut = all ? fitting : fitting.slice(0, MOST);
    body.replaceChildren(...cut);
    const left = fitting.length - cut.length;
    const found = fitting.length === rows.length ? "" : `${fitting.length} of `;
    shown.textContent = found + students(rows.length) + (left ? `, the first ${MOST} shown` : "");
    more.hidden = !left;
    more.textContent = `Show all ${fitting.length}`;
  };

  // ---------------------------------------------------------------- searching

  // File names from some systems hold Korean letters in pieces: compose them on both sides.
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const words = new Map();
  const wordsOf = (row) => {
    if (!words.has(row)) {
      words.set(row, plain(Array.from(row.cells, (cell) => cell.textContent.trim()).join("\n")));
    }
    return words.get(row);
  };
  const search = () => {
    const wanted = plain(query.value).split(/\s+/).filter(Boolean);
    fitting = rows.filter((row) => wanted.every((word) => wordsOf(row).includes(word)));
    show();
  };

  // ---------------------------------------------------------------- sorting

  const collator = new Intl.Collator(["en", "ko"], { numeric: true, sensitivity: "base" });
  const kinds = {
    text: { key: (text) => text, empty: (key) => key === "", compare: collator.compare },
    number: { key: parseFloat, empty: Number.isNaN, compare: (one, other) => one - other },
  };
  const sort = (column, direction) => {
    const { key, empty, compare } = kinds[headings[column].dataset.sort || "text"];
    const keys = new Map(rows.map((row) => [row, key(row.cells[column].textContent.trim())]));
    rows.sort((one, other) => {
      const [a, b] = [keys.get(one), keys.get(other)];
      // What is not there comes last in either direction.
      return empty(a) || empty(b) ? empty(a) - empty(b) : direction * compare(a, b);
    });
    search();
  };

  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const ascending = heading.getAttribute("aria-sort") !== "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      sort(column, ascending ? 1 : -1);
    });
  });

  // ---------------------------------------------------------------- links into what is closed

  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!(target instanceof HTMLDetailsElement)) return;
    for (let one = target; one; one = one.parentElement.closest("details")) one.open = true;
    target.scrollIntoView();
  };

  // A file knows when it was written, and the page itself holds no time: that of a class whose
  // grading was cut short and went on is the same, byte for byte.
  const changed = new Date(document.lastModified);
  if (location.protocol === "file:" && !Number.isNaN(changed.valueOf())) {
    const written = document.getElementById("written");
    const two = (number) => String(number).padStart(2, "0");
    const day = [changed.getFullYear(), two(changed.getMonth() + 1), two(changed.getDate())];
    const clock = `${two(changed.getHours())}:${two(changed.getMinutes())}`;
    written.querySelector("time").textContent = `${day.join("-")} ${clock}`;
    written.hidden = false;
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  query.addEventListener("input", search);
  more.addEventListener("click", () => {
    all = true;
    const next = fitting[MOST];
    show();
    next.querySelector("a")?.focus(); // the button is gone, and what it brought begins here
  });
  let closed = [];
  window.addEventListener("beforeprint", () => {
    body.replaceChildren(...fitting);
    closed = Array.from(document.querySelectorAll("#look details:not([open])"));
    closed.forEach((one) => (one.open = true));
  });
  window.addEventListener("afterprint", () => {
    closed.forEach((one) => (one.open = false));
    show();
  });
  window.addEventListener("hashchange", open);
  show();
  open();
})();
