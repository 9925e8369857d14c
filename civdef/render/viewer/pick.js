// The map page, part 4: what lies under the pointer, its pop-up, and what is marked when it is chosen.
(function (c) {
  "use strict";

  function within(shape, x, y) {
    var odd = false;
    shape.rings.forEach(function (r) {
      for (var i = 0, j = r.length - 2; i < r.length; j = i, i += 2) {
        if ((r[i + 1] > y) !== (r[j + 1] > y) && x < (r[j] - r[i]) * (y - r[i + 1]) / (r[j + 1] - r[i + 1]) + r[i]) { odd = !odd; }
      }
    });
    return odd;
  }

  function away(shape, x, y) {
    var best = Infinity;
    shape.rings.forEach(function (r) {
      for (var i = 2; i < r.length; i += 2) {
        var dx = r[i] - r[i - 2], dy = r[i + 1] - r[i - 1], d2 = dx * dx + dy * dy;
        var t = d2 ? Math.max(0, Math.min(1, ((x - r[i - 2]) * dx + (y - r[i - 1]) * dy) / d2)) : 0;
        best = Math.min(best, Math.hypot(x - r[i - 2] - t * dx, y - r[i - 1] - t * dy));
      }
    });
    return best;
  }

  // Return {layer, place} of what a click at `latlng` means, or null.
  c.hit = function (map, latlng) {
    var p = c.world(latlng), k = Math.pow(2, map.getZoom()), found = null;
    c.layers.forEach(function (layer) {
      if (!layer.visible || layer.pick === null || (found && found.layer.pick <= layer.pick)) { return; }
      var nearest = Infinity;
      layer.rows.forEach(function (row, i) {
        var shape = layer.shapes[row], style = layer.styles[layer.style[i]], b = shape.box;
        if (map.getZoom() < (style.minZoom || 0)) { return; }
        var reach = (layer.shape === "point" ? c.symbolSize(map.getZoom(), style) + 3 : layer.shape === "line" ? 6 : 0) / k;
        if (p[0] < b[0] - reach || p[0] > b[2] + reach || p[1] < b[1] - reach || p[1] > b[3] + reach) { return; }
        var d = layer.shape === "polygon" ? (within(shape, p[0], p[1]) ? 0 : Infinity)
          : layer.shape === "line" ? away(shape, p[0], p[1]) : Math.hypot(p[0] - b[0], p[1] - b[1]);
        if (d <= reach && d < nearest) { nearest = d; found = { layer: layer, place: i }; }
      });
    });
    return found;
  };

  c.nameOf = function (layer, place) {
    if (layer.names.length) { return layer.names[place]; }
    var row = layer.rows[place], name = "";
    c.layers.forEach(function (other) {
      if (other.table === layer.table && other.names.length && other.place[row] !== undefined) { name = other.names[other.place[row]]; }
    });
    return name;
  };

  // The pop-up of a feature: rows of every layer that shares its shape.
  c.card = function (layer, place) {
    var card = c.element("div", "civdef-card"), row = layer.rows[place], table = c.element("table");
    card.appendChild(c.element("h3", "", c.nameOf(layer, place)));
    if (layer.kind) { card.firstChild.appendChild(c.element("small", "", layer.kind)); }
    c.layers.slice().reverse().forEach(function (other) {
      var i = other.table === layer.table ? other.place[row] : undefined;
      if (i === undefined) { return; }
      other.fields.forEach(function (field) {
        if (field.values[i] < 0) { return; }
        var line = table.insertRow(), head = c.element("th", "", field.label);
        head.scope = "row";
        line.appendChild(head);
        line.appendChild(c.element("td", "", field.words[field.values[i]]));
      });
    });
    if (table.rows.length) { card.appendChild(table); }
    return card;
  };

  function mark(layer, place) {
    var row = layer.rows[place], shape = layer.shapes[row], choice = { shapes: [], closed: layer.shape === "polygon", path: null };
    if (layer.shape !== "point") { choice.shapes.push(shape); }
    var to = c.layerOf.assignments;
    if (to && layer.table === to.table && to.place[row] !== undefined && to.extra.paths) {
      var start = to.extra.paths[to.place[row]];
      if (start >= 0) { choice.path = c.route(start); }
    }
    if (to && layer.key === "shelters") {
      choice.closed = true;
      to.rows.forEach(function (r, i) { if (to.extra.shelter[i] === place) { choice.shapes.push(to.shapes[r]); } });
    }
    return choice;
  }

  c.open = function (map, layer, place, latlng) {
    var shape = layer.shapes[layer.rows[place]];
    c.choice = mark(layer, place);
    c.painter.redraw();
    var popup = L.popup({ maxWidth: 330, minWidth: 190, maxHeight: Math.max(180, map.getSize().y - 120), autoPanPadding: [16, 16] })
      .setLatLng(layer.shape === "point" ? c.latLng(c.middle(shape)) : latlng || c.latLng(c.middle(shape)))
      .setContent(c.card(layer, place));
    popup.on("remove", function () {
      if (c.popup === popup) { c.popup = null; c.choice = null; c.painter.redraw(); }
    });
    var old = c.popup;
    c.popup = popup;
    if (old) { old.remove(); }
    popup.openOn(map);
  };

  c.listen = function (map) {
    var hint = L.tooltip({ className: "civdef-hint", offset: [12, 0], direction: "right", opacity: 0.95 }), waiting = null;
    map.on("click", function (e) {
      var it = c.hit(map, e.latlng);
      if (it) { c.open(map, it.layer, it.place, e.latlng); } else { map.closePopup(); }
    });
    map.on("mousemove", function (e) {
      if (waiting) { cancelAnimationFrame(waiting); }
      waiting = requestAnimationFrame(function () {
        var it = c.hit(map, e.latlng), name = it ? c.nameOf(it.layer, it.place) : "";
        map.getContainer().style.cursor = it ? "pointer" : "";
        if (name && it.layer.pick < 70) { hint.setLatLng(e.latlng).setContent(c.element("span", "", name)).addTo(map); } else { hint.remove(); }
      });
    });
    map.on("mouseout movestart", function () { hint.remove(); });
  };
})(civdef);
