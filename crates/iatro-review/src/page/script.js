(function () {
  "use strict";
  function value(row, column) {
    var cell = row.cells[column];
    if (cell.hasAttribute("data-v")) return Number(cell.getAttribute("data-v"));
    if (cell.classList.contains("n")) return null;
    return cell.textContent.trim().toLowerCase();
  }
  function compare(a, b, up) {
    if (a === null || b === null) return (a === null) - (b === null);
    var order = typeof a === "number" ? a - b : a < b ? -1 : a > b ? 1 : 0;
    return up ? order : -order;
  }
  function sortBy(table, head, column) {
    var numeric = head.classList.contains("n");
    var now = head.getAttribute("aria-sort");
    var up = now ? now === "descending" : !numeric;
    table.querySelectorAll("thead th").forEach(function (th) { th.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    var body = table.tBodies[0];
    Array.from(body.rows)
      .map(function (row, place) { return { row: row, place: place, key: value(row, column) }; })
      .sort(function (a, b) { return compare(a.key, b.key, up) || a.place - b.place; })
      .forEach(function (entry) { body.appendChild(entry.row); });
  }
  function makeSortable(table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      button.addEventListener("click", function () { sortBy(table, head, column); });
      head.appendChild(button);
    });
  }
  function makeFilterable(table) {
    var rows = Array.from(table.tBodies[0].rows);
    var box = document.createElement("p");
    var label = document.createElement("label");
    var input = document.createElement("input");
    var said = document.createElement("span");
    box.className = "filter";
    input.type = "search";
    input.autocomplete = "off";
    said.setAttribute("role", "status");
    label.append("Find a substance ", input);
    box.append(label, said);
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase();
      var shown = 0;
      rows.forEach(function (row) {
        var hit = row.cells[0].textContent.toLowerCase().indexOf(wanted) >= 0;
        row.hidden = !hit;
        if (hit) shown += 1;
      });
      said.textContent = wanted ? shown + " of " + rows.length + " rows shown" : "";
    });
    table.closest(".tablebox").prepend(box);
  }
  document.querySelectorAll("table.enhance").forEach(function (table) {
    makeSortable(table);
    if (table.tBodies[0].rows.length > 8) makeFilterable(table);
  });
})();
