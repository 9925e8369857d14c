// The map page, part 5: title block, layer switch with legend, figures, search, print.
(function (c) {
  "use strict";

  c.head = function () {
    var page = c.doc.page, head = c.element("header", "civdef-head"), titles = c.element("div", "civdef-titles");
    titles.appendChild(c.element("h1", "", page.title));
    titles.appendChild(c.element("p", "", page.subtitle));
    head.appendChild(titles);
    var list = c.element("dl", "civdef-meta");
    page.meta.forEach(function (pair) {
      var long = pair[1].length > 16, item = c.element("div", long ? "civdef-long" : "");
      if (long) { list.classList.add("civdef-shrinks"); }
      item.appendChild(c.element("dt", "", pair[0]));
      var said = c.element("dd", "", pair[1]);
      if (pair[2]) { said.title = pair[2]; }
      item.appendChild(said);
      list.appendChild(item);
    });
    head.appendChild(list);
    page.marks.forEach(function (text) { head.appendChild(c.element("strong", "civdef-mark", text)); });
    return head;
  };

  // What the figures rest on: under the map, on screen and on paper.
  c.foot = function () {
    var foot = c.element("footer", "civdef-foot");
    c.doc.page.foot.forEach(function (text) { foot.appendChild(c.element("p", "", text)); });
    return foot;
  };

  c.panel = function (map) {
    var panel = c.element("aside", "civdef-panel"), page = c.doc.page;
    panel.setAttribute("aria-label", c.words.legend);
    panel.appendChild(search(map));
    page.warnings.forEach(function (text) { panel.appendChild(c.element("p", "civdef-warning", text)); });
    if (page.figures.length) {
      var table = c.element("table", "civdef-figures");
      page.figures.forEach(function (pair) {
        var line = table.insertRow(), head = c.element("th", "", pair[0]);
        head.scope = "row";
        line.appendChild(head);
        line.appendChild(c.element("td", "", pair[1]));
      });
      panel.appendChild(section(c.words.figures, table));
    }
    c.doc.groups.forEach(function (group) {
      var mine = c.layers.filter(function (layer) { return layer.group === group.key; });
      if (mine.length) { panel.appendChild(layers(group.title, mine)); }
    });
    var notes = c.element("div", "civdef-notes");
    notes.appendChild(c.element("p", "civdef-screen", c.words.hint));
    page.notes.forEach(function (text) { notes.appendChild(c.element("p", "", text)); });
    panel.appendChild(notes);
    return panel;
  };

  function section(title, body) {
    var box = c.element("section");
    box.appendChild(c.element("h2", "", title));
    box.appendChild(body);
    return box;
  }

  function layers(title, mine) {
    var list = c.element("ul", "civdef-layers");
    mine.slice().sort(function (a, b) { return b.order - a.order; }).forEach(function (layer) {
      var item = c.element("li"), label = c.element("label"), input = c.element("input");
      input.type = "checkbox"; input.checked = layer.visible; input.dataset.layer = layer.key;
      label.appendChild(input);
      label.appendChild(c.element("span", "", layer.title));
      item.appendChild(label);
      var legend = c.element("div", "civdef-legend");
      if (layer.extra.strip) { legend.appendChild(strip(layer)); }
      layer.styles.forEach(function (style) {
        if (!style.label) { return; }
        var line = c.element("div", "civdef-legend-row");
        line.dataset.minZoom = style.minZoom || 0;
        line.appendChild(swatch(layer, style));
        line.appendChild(c.element("span", "", style.label));
        legend.appendChild(line);
      });
      if (layer.note) { legend.appendChild(c.element("p", "civdef-note", layer.note)); }
      item.appendChild(legend);
      function show() { item.classList.toggle("off", !layer.visible); }
      input.addEventListener("change", function () { layer.visible = input.checked; show(); c.painter.redraw(); });
      show();
      list.appendChild(item);
    });
    return section(title, list);
  }

  // The colours of a layer in one row.
  function strip(layer) {
    var row = c.element("div", "civdef-strip");
    layer.extra.strip.forEach(function (i) {
      var spot = c.element("span"), style = layer.styles[i];
      spot.style.background = style.fill; spot.style.borderColor = style.stroke;
      row.appendChild(spot);
    });
    return row;
  }

  // On paper the legend explains what is on the sheet, no more.
  c.shownLegend = function (zoom) {
    document.querySelectorAll(".civdef-layers > li").forEach(function (item) {
      var rows = Array.from(item.querySelectorAll(".civdef-legend-row"));
      rows.forEach(function (row) { row.classList.toggle("civdef-far", zoom < Number(row.dataset.minZoom)); });
      item.classList.toggle("civdef-far", !item.querySelector(".civdef-note") && rows.every(function (row) { return row.classList.contains("civdef-far"); }));
    });
    document.querySelectorAll("aside.civdef-panel > section").forEach(function (box) {
      var items = Array.from(box.querySelectorAll(".civdef-layers > li"));
      box.classList.toggle("civdef-far", items.length > 0 && items.every(function (li) { return li.classList.contains("off") || li.classList.contains("civdef-far"); }));
    });
  };

  function swatch(layer, style) {
    var canvas = c.element("canvas", "civdef-swatch"), ratio = 3, w = 26, h = 16, g = canvas.getContext("2d");
    canvas.width = w * ratio; canvas.height = h * ratio;
    g.scale(ratio, ratio); g.lineJoin = g.lineCap = "round";
    if (layer.shape === "point") { c.symbol(g, style, w / 2, h / 2, style.symbol.indexOf("dot") >= 0 || style.symbol.indexOf("gate") === 0 || style.symbol === "entrance" ? 4.5 : 6.4); }
    else if (layer.shape === "line") {
      var width = Math.min(7, style.width * 1.2);
      if (style.casing) { line(g, w, h, style.casing, width + 1.8); }
      g.setLineDash(style.dash || []);
      if (style.dash) { g.lineCap = "butt"; }
      line(g, w, h, style.stroke, width);
      g.setLineDash([]);
      if (layer.extra.flow) { g.fillStyle = style.fill; g.beginPath(); g.moveTo(19, 8); g.lineTo(12, 4); g.lineTo(14, 8); g.lineTo(12, 12); g.closePath(); g.fill(); }
    } else {
      g.beginPath(); g.rect(2, 2.5, w - 4, h - 5);
      if (style.fill) { g.fillStyle = style.fill; g.fill(); }
      if (style.hatch) {
        g.save(); g.clip(); g.strokeStyle = style.hatch; g.lineWidth = 1; g.beginPath();
        for (var x = -10; x < 40; x += 5) { g.moveTo(x, 16); g.lineTo(x + 16, 0); }
        g.stroke(); g.restore(); g.beginPath(); g.rect(2, 2.5, w - 4, h - 5);
      }
      if (style.stroke) {
        g.setLineDash((style.dash || []).map(function (d) { return d * 0.6; }));
        g.strokeStyle = style.stroke; g.lineWidth = Math.max(1, style.width * 0.8); g.stroke();
      }
    }
    return canvas;
  }

  function line(g, w, h, colour, width) {
    g.strokeStyle = colour; g.lineWidth = width;
    g.beginPath(); g.moveTo(4, h / 2); g.lineTo(w - 4, h / 2); g.stroke();
  }

  function search(map) {
    var box = c.element("div", "civdef-search"), input = c.element("input"), list = c.element("ul");
    input.type = "search"; input.placeholder = c.words.search; input.setAttribute("aria-label", c.words.search);
    input.autocomplete = "off";
    box.appendChild(input); box.appendChild(list);
    function find() {
      var wanted = input.value.trim().toLowerCase(), found = [];
      list.textContent = "";
      if (!wanted) { return; }
      c.layers.forEach(function (layer) {
        if (!layer.search) { return; }
        var seen = {};
        layer.names.forEach(function (name, i) {
          var at = name ? name.toLowerCase().indexOf(wanted) : -1;
          if (at < 0 || (layer.shape === "line" && seen[name])) { return; }
          seen[name] = true;
          found.push({ layer: layer, place: i, name: name, rank: at * 1000 + name.length });
        });
      });
      found.sort(function (a, b) { return a.rank - b.rank || (a.name < b.name ? -1 : 1); });
      found.slice(0, 12).forEach(function (hit) {
        var item = c.element("li"), button = c.element("button", "", hit.name);
        button.type = "button";
        button.appendChild(c.element("small", "", hit.layer.kind || hit.layer.title));
        button.addEventListener("click", function () { list.textContent = ""; go(map, hit); });
        item.appendChild(button); list.appendChild(item);
      });
      if (!found.length) { list.appendChild(c.element("li", "civdef-none", c.words.none)); }
    }
    input.addEventListener("input", find);
    input.addEventListener("keydown", function (e) {
      var first = list.querySelector("button");
      if (e.key === "Enter" && first) { first.click(); }
      if (e.key === "Escape") { input.value = ""; find(); }
    });
    return box;
  }

  function go(map, hit) {
    var shape = hit.layer.shapes[hit.layer.rows[hit.place]];
    if (!hit.layer.visible) {
      var input = document.querySelector('input[data-layer="' + hit.layer.key + '"]');
      if (input) { input.click(); }
    }
    document.body.classList.remove("civdef-open");
    map.setView(c.latLng(c.middle(shape)), Math.max(map.getZoom(), hit.layer.shape === "polygon" && hit.layer.pick > 60 ? 15.5 : 17), { animate: false });
    c.open(map, hit.layer, hit.place);
  }

  // Buttons on the map: whole street, print, and (in a narrow window) the panel.
  c.buttons = function (map) {
    var Bar = L.Control.extend({
      options: { position: "topleft" },
      onAdd: function () {
        var bar = c.element("div", "civdef-bar leaflet-bar");
        [["home", c.words.home, function () { c.home(map); }],
          ["print", c.words.print, function () { window.print(); }],
          ["panel", c.words.legend, function () { document.body.classList.toggle("civdef-open"); }]].forEach(function (it) {
          var button = c.element("button", "civdef-" + it[0]);
          button.type = "button"; button.title = it[1]; button.setAttribute("aria-label", it[1]);
          button.appendChild(icon(it[0]));
          button.addEventListener("click", it[2]);
          bar.appendChild(button);
        });
        L.DomEvent.disableClickPropagation(bar);
        return bar;
      }
    });
    return new Bar();
  };

  function icon(kind) {
    var svg = c.svg("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" });
    var d = {
      home: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5",
      print: "M5 8V3h10v5M5 14H3V8h14v6h-2M5 12h10v5H5z",
      panel: "M3 5h14M3 10h14M3 15h14"
    }[kind];
    svg.appendChild(c.svg("path", { d: d, fill: "none", stroke: "#333", "stroke-width": 1.7, "stroke-linejoin": "round", "stroke-linecap": "round" }));
    return svg;
  }

  c.north = function () {
    var North = L.Control.extend({
      options: { position: "topright" },
      onAdd: function () {
        var box = c.element("div", "civdef-north"), svg = c.svg("svg", { viewBox: "0 0 40 54", width: 34, height: 46, role: "img" });
        svg.appendChild(c.svg("title", {})).textContent = c.words.north;
        svg.appendChild(c.svg("path", { d: "M20 14 L29 50 L20 43 Z", fill: "#333" }));
        svg.appendChild(c.svg("path", { d: "M20 14 L11 50 L20 43 Z", fill: "#fff", stroke: "#333", "stroke-width": 1.2, "stroke-linejoin": "round" }));
        var text = c.svg("text", { x: 20, y: 11, "text-anchor": "middle", "font-size": 12, "font-weight": 700, fill: "#333" });
        text.textContent = c.words.northMark;
        svg.appendChild(text);
        box.appendChild(svg);
        return box;
      }
    });
    return new North();
  };
})(civdef);
