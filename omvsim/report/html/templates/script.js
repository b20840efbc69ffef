"use strict";
(function () {
  const all = (q, r) => Array.from((r || document).querySelectorAll(q));
  const root = document.documentElement, theme = document.getElementById("theme");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function show(isDark) {
    root.dataset.theme = isDark ? "dark" : "light";
    theme.setAttribute("aria-pressed", String(isDark));
    theme.textContent = isDark ? "Light" : "Dark";
  }
  show(dark.matches);
  dark.addEventListener("change", (event) => show(event.matches));
  theme.addEventListener("click", () => show(root.dataset.theme !== "dark"));

  for (const button of all("[data-copy]")) {
    button.addEventListener("click", () => {
      const source = document.getElementById(button.dataset.copy);
      const done = () => { button.textContent = "Copied"; };
      const select = () => {
        const range = document.createRange();
        range.selectNodeContents(source);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        if (document.execCommand("copy")) done();
      };
      if (navigator.clipboard) navigator.clipboard.writeText(source.textContent).then(done, select);
      else select();
    });
  }

  const digits = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, " ");
  const hex = (n) => "0x" + n.toString(16).padStart(8, "0");
  const stored = document.getElementById("maps");
  if (stored) {
    const data = JSON.parse(stored.textContent), slider = document.getElementById("moment");
    const areas = all(".area"), count = data.areas.length, told = document.getElementById("cell");
    const cells = areas.map((area) => all("rect", area));
    const per = data.maps.length ? data.maps[0].length / count : 0;
    let now = Number(slider.value);
    areas.forEach((area, a) => {
      const high = data.moments.reduce((most, m) => Math.max(most, m[1][a][0]), 0);
      area.querySelector("[data-high]").textContent = digits(high);
    });
    const value = (a, i) => data.code.indexOf(data.maps[now][a * per + i]);
    function draw() {
      const [title, levels] = data.moments[now];
      document.getElementById("moment-name").textContent = title;
      slider.setAttribute("aria-valuetext", title);
      cells.forEach((rects, a) => {
        areas[a].querySelector("[data-used]").textContent = digits(levels[a][0]);
        areas[a].querySelector("[data-longest]").textContent = digits(levels[a][1]);
        rects.forEach((rect, i) => {
          const v = value(a, i);
          const name = v ? "o" + Math.floor((v - 1) / data.levels) + " l" + ((v - 1) % data.levels + 1) : "free";
          if (rect.getAttribute("class") !== name) rect.setAttribute("class", name);
        });
      });
    }
    slider.addEventListener("input", () => { now = Number(slider.value); draw(); });
    slider.setAttribute("aria-valuetext", data.moments[now][0]);
    cells.forEach((rects, a) => areas[a].addEventListener("pointerover", (event) => {
      const i = rects.indexOf(event.target);
      if (i < 0) return;
      const [name, start, size] = data.areas[a], v = value(a, i);
      const owner = v ? data.owners[Math.floor((v - 1) / data.levels)] : "free";
      told.textContent = name + " " + hex(start + Math.floor(size * i / per)) + " to " +
        hex(start + Math.floor(size * (i + 1) / per) - 1) + ": " + owner;
    }));
  }

  for (const box of all("[data-arena]")) {
    const told = document.querySelector("[data-told='" + box.dataset.arena + "']");
    box.addEventListener("pointerover", (event) => {
      const title = event.target.classList.contains("buffer") && event.target.querySelector("title");
      if (title) told.textContent = title.textContent;
    });
    const find = document.querySelector("[data-find='" + box.dataset.arena + "']");
    const found = document.querySelector("[data-found='" + box.dataset.arena + "']");
    find.addEventListener("input", () => {
      const wanted = find.value.toLowerCase();
      let hits = 0;
      for (const rect of all(".buffer", box)) {
        const hit = wanted !== "" && rect.dataset.name.toLowerCase().includes(wanted);
        rect.classList.toggle("found", hit);
        hits += hit;
      }
      found.textContent = wanted ? hits + " found" : "";
    });
  }

  for (const table of all("table[data-table]")) {
    const body = table.tBodies[0], heads = all("th", table), key = table.dataset.table;
    const rows = Array.from(body.rows);
    heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") === "descending" ||
        (head.getAttribute("aria-sort") === null && !head.classList.contains("n"));
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const keyed = rows.map((row) => {
        const cell = row.cells[column], v = cell.dataset.v;
        return [v === undefined ? cell.textContent : Number(v), row];
      });
      keyed.sort(([a], [b]) => {
        const mixed = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
        return up ? mixed : -mixed;
      });
      body.append(...keyed.map(([, row]) => row));
    }));
    const words = document.querySelector("[data-filter='" + key + "']");
    if (!words) continue;
    const chosen = all("[data-choose='" + key + "']"), count = document.querySelector("[data-count='" + key + "']");
    const filter = () => {
      const wanted = words.value.toLowerCase();
      let shown = 0;
      for (const row of rows) {
        const fits = row.textContent.toLowerCase().includes(wanted) &&
          chosen.every((list) => !list.value || row.cells[list.dataset.column].textContent === list.value);
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = shown + " rows";
    };
    words.addEventListener("input", filter);
    chosen.forEach((list) => list.addEventListener("change", filter));
  }
})();
