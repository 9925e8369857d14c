// The map page, part 3: names, placed by priority so that none covers another.
(function (c) {
  "use strict";

  var LOOK = {
    quarter: { size: 12.5, weight: 600, colour: "#65487c", spacing: 1, halo: 3.5 },
    area: { size: 16, weight: 600, colour: "#65487c", spacing: 5, halo: 4 },
    water: { size: 15, weight: 400, colour: "#2a6592", spacing: 4, halo: 3, italic: true, haloColour: "rgba(255,255,255,0.75)" },
    green: { size: 12, weight: 400, colour: "#47722f", spacing: 2, halo: 3 },
    hazard: { size: 13, weight: 600, colour: "#b3261e", spacing: 1, halo: 4 },
    shelter: { size: 12.5, weight: 600, colour: "#00602c", spacing: 0, halo: 3.5, beside: true, fold: true },
    later: { size: 11.5, weight: 600, colour: "#4d5a52", spacing: 0, halo: 3, beside: true },
    point: { size: 11, weight: 400, colour: "#3b3b3b", spacing: 0, halo: 3, beside: true },
    compound: { size: 12, weight: 600, colour: "#80612b", spacing: 1, halo: 3.5 },
    small: { size: 10.5, weight: 400, colour: "#5b5043", spacing: 0, halo: 2.5 },
    line: { size: 12, weight: 500, colour: "#4c463c", spacing: 3, halo: 3.5 }
  };

  function Room() { this.cells = {}; }
  Room.prototype.each = function (b, visit) {
    for (var x = Math.floor(b[0] / 64); x <= Math.floor(b[2] / 64); x++) {
      for (var y = Math.floor(b[1] / 64); y <= Math.floor(b[3] / 64); y++) {
        if (visit(x + "," + y)) { return true; }
      }
    }
    return false;
  };
  Room.prototype.taken = function (b) {
    var cells = this.cells;
    return this.each(b, function (key) {
      return (cells[key] || []).some(function (o) { return b[0] < o[2] && b[2] > o[0] && b[1] < o[3] && b[3] > o[1]; });
    });
  };
  Room.prototype.take = function (b) {
    var cells = this.cells;
    this.each(b, function (key) { (cells[key] = cells[key] || []).push(b); return false; });
  };

  c.labels = function (view) {
    var room = new Room(), groups = [], said = {};
    c.placed = []; // every name drawn: its text and the boxes it covers
    controls(view, room);
    c.layers.forEach(function (layer) {
      if (!layer.visible) { return; }
      if (layer.shape === "point") { reserve(view, layer, room); }
    });
    c.layers.forEach(function (layer) {
      if (!layer.visible) { return; }
      layer.labels.forEach(function (group) {
        if (view.zoom >= group.minZoom) { groups.push({ layer: layer, group: group }); }
      });
    });
    groups.sort(function (a, b) { return a.group.priority - b.group.priority; });
    groups.forEach(function (one) {
      var look = LOOK[one.group.kind] || LOOK.small;
      if (one.group.kind === "line") { alongLines(view, one.group, look, room); }
      else { atPoints(view, one.layer, one.group, look, room, said); }
    });
  };

  // Buttons, scale and north arrow stand above the map: no name beneath them.
  function controls(view, room) {
    var frame = c.map.getContainer().getBoundingClientRect();
    c.map.getContainer().querySelectorAll(".leaflet-control").forEach(function (node) {
      var b = node.getBoundingClientRect(), x = view.pad.x - frame.left, y = view.pad.y - frame.top;
      if (b.width) { room.take([b.left + x, b.top + y, b.right + x, b.bottom + y]); }
    });
  }

  function reserve(view, layer, room) {
    layer.rows.forEach(function (row, i) {
      var shape = layer.shapes[row], style = layer.styles[layer.style[i]];
      if (view.zoom < (style.minZoom || 0) || !c.seen(view, shape)) { return; }
      var s = c.symbolSize(view.zoom, style) + c.rim(layer, i), x = shape.box[0] * view.k - view.ox, y = shape.box[1] * view.k - view.oy;
      room.take([x - s, y - s, x + s, y + s]);
    });
  }

  function setFont(g, look) {
    g.font = (look.italic ? "italic " : "") + look.weight + " " + look.size + "px " + c.FONT;
    g.textBaseline = "middle"; g.textAlign = "center"; g.lineJoin = "round";
    g.strokeStyle = look.haloColour || "rgba(255,255,255,0.92)"; g.lineWidth = look.halo; g.fillStyle = look.colour;
  }

  function cjk(ch) { return ch >= "\u2e80"; }

  function measure(g, text, look) {
    var glyphs = Array.from(text), spaced = look.spacing && glyphs.some(cjk), widths = [], total = 0;
    glyphs.forEach(function (ch, i) {
      var w = g.measureText(ch).width + (spaced && i < glyphs.length - 1 ? look.spacing : 0);
      widths.push(w); total += w;
    });
    return { glyphs: glyphs, widths: widths, spaced: spaced, width: spaced ? total : g.measureText(text).width };
  }

  function write(g, text, m, x, y) {
    if (!m.spaced) { g.strokeText(text, x, y); g.fillText(text, x, y); return; }
    var at = x - m.width / 2;
    g.textAlign = "left";
    var starts = m.widths.map(function (w) { var s = at; at += w; return s; });
    m.glyphs.forEach(function (ch, i) { g.strokeText(ch, starts[i], y); });
    m.glyphs.forEach(function (ch, i) { g.fillText(ch, starts[i], y); });
    g.textAlign = "center";
  }

  function inside(view, b) { // the window, not the border drawn around it
    return b[0] > view.pad.x + 2 && b[1] > view.pad.y + 2 && b[2] < view.w - view.pad.x - 2 && b[3] < view.h - view.pad.y - 2;
  }

  function atPoints(view, layer, group, look, room, said) {
    var g = view.g;
    setFont(g, look);
    group.rows.forEach(function (i, n) {
      var row = layer.rows[i], shape = layer.shapes[row], text = layer.names[i], style = layer.styles[layer.style[i]];
      if (!text || !c.seen(view, shape)) { return; }
      var p = group.points[n] || c.middle(shape), x = p[0] * view.k - view.ox, y = p[1] * view.k - view.oy;
      var m = measure(g, text, look), hw = m.width / 2, hh = look.size * 0.6;
      if (!look.beside && group.kind === "small" && hw * 2 > (shape.box[2] - shape.box[0]) * view.k * 1.5 + 14) { return; }
      if (group.kind === "quarter" && hw * 2 > (shape.box[2] - shape.box[0]) * view.k * 1.3) { return; }
      if (landscape(group.kind) && Math.max(shape.box[2] - shape.box[0], shape.box[3] - shape.box[1]) * view.k < hw * 2) { return; }
      var s = look.beside ? c.symbolSize(view.zoom, style) + c.rim(layer, i) + 3 : 0;
      if (near(said, text, x, y)) { return; }
      var area = group.kind === "area" || group.kind === "quarter";
      var spots = look.beside ? beside(x, y, s, hw, hh) : area ? around(view, shape, x, y) : [[x, y]];
      var free = firstFree(view, room, spots, hw, hh), lines = [text];
      if (!free && look.fold) { // a shelter's name in two lines is better than none
        lines = c.folded(text, layer.names);
        hw = Math.max.apply(null, lines.map(function (one) { return g.measureText(one).width; })) / 2;
        hh = look.size * 0.6 * lines.length;
        free = lines.length > 1 ? firstFree(view, room, beside(x, y, s, hw, hh), hw, hh) : null;
      }
      if (!free) { return; }
      room.take(free.box);
      lines.forEach(function (one, k) {
        write(g, one, lines.length > 1 ? measure(g, one, look) : m, free.at[0], free.at[1] + (k - (lines.length - 1) / 2) * look.size * 1.2);
      });
      c.placed.push({ text: text, boxes: [free.box] });
      (said[text] = said[text] || []).push(free.at);
    });
  }

  function firstFree(view, room, spots, hw, hh) {
    for (var k = 0; k < spots.length; k++) {
      var q = spots[k], b = [q[0] - hw - 2, q[1] - hh - 1, q[0] + hw + 2, q[1] + hh + 1];
      if (inside(view, b) && !room.taken(b)) { return { at: q, box: b }; }
    }
    return null;
  }

  // Spots for a name beside a sign: level with it, above and below, then at its corners and along its edges.
  function beside(x, y, s, hw, hh) {
    var spots = [[x + s + hw, y], [x - s - hw, y], [x, y - s - hh], [x, y + s + hh]];
    [0.3, 0.6, 0.9].forEach(function (part) { [1, -1].forEach(function (side) { [-1, 1].forEach(function (end) {
      spots.push([x + side * (s + hw), y + end * part * (s + hh)], [x + side * hw * part, y + end * (s + hh)]);
    }); }); });
    return spots;
  }

  // A name in two lines: before the ending that most of these names share (…/人防地下室), else in halves; other scripts at
  // the space nearest the middle, and whole if there is none.
  c.folded = function (text, names) {
    var glyphs = Array.from(text), half = Math.floor(glyphs.length / 2), best = null;
    for (var k = 2; k < glyphs.length - 1; k++) {
      if (glyphs[k] !== " " && !(cjk(glyphs[k - 1]) && cjk(glyphs[k]))) { continue; }
      var end = glyphs.slice(k).join(""), shared = names.filter(function (n) { return n && n.endsWith(end); }).length;
      var rank = [glyphs.length - k > 2 && cjk(glyphs[k]) && shared > 2 ? shared : 0, -Math.abs(k - half)];
      if (!best || rank[0] > best.rank[0] || (rank[0] === best.rank[0] && !rank[0] && rank[1] > best.rank[1])) { best = { at: k, rank: rank }; }
    }
    return best ? [glyphs.slice(0, best.at).join("").trim(), glyphs.slice(best.at).join("").trim()] : [text];
  };

  // Landscape is named only where the name fits it.
  function landscape(kind) { return kind === "water" || kind === "green"; }

  function near(said, text, x, y) {
    return (said[text] || []).some(function (q) { return Math.hypot(q[0] - x, q[1] - y) < 420; });
  }

  // Spots for the name of an area: from its middle outwards over the middle part of its box.
  function around(view, shape, x, y) {
    var w = (shape.box[2] - shape.box[0]) * view.k * 0.3, h = (shape.box[3] - shape.box[1]) * view.k * 0.36, spots = [];
    for (var i = -6; i <= 6; i++) { for (var j = -8; j <= 8; j++) { spots.push([x + w * i / 6, y + h * j / 8, Math.hypot(i / 6, j / 8)]); } }
    return spots.sort(function (a, b) { return a[2] - b[2]; });
  }

  // Names along streets: each glyph stands on the line; Chinese stays upright on steep streets and reads downwards.
  function alongLines(view, group, look, room) {
    var g = view.g;
    setFont(g, look);
    group.lines.forEach(function (shape, i) {
      if (!c.seen(view, shape)) { return; }
      var m = measure(g, group.texts[i], look), placed = 0;
      shape.rings.slice().sort(function (a, b) { return b.length - a.length; }).forEach(function (ring) {
        if (placed < 4) { placed += onLine(view, ring, m, look, room); }
      });
    });
  }

  function onLine(view, ring, m, look, room) {
    var pts = [], run = [0];
    for (var i = 0; i < ring.length; i += 2) {
      pts.push([ring[i] * view.k - view.ox, ring[i + 1] * view.k - view.oy]);
      if (i) { run.push(run[run.length - 1] + Math.hypot(pts[pts.length - 1][0] - pts[pts.length - 2][0], pts[pts.length - 1][1] - pts[pts.length - 2][1])); }
    }
    var total = run[run.length - 1], need = m.width + 16, count = 0;
    if (total < need) { return 0; }
    var steps = Math.max(1, Math.floor(total / 420)), gap = total / steps;
    for (var k = 0; k < steps && count < 6; k++) {
      var tries = [0, 0.12, -0.12, 0.24, -0.24, 0.36, -0.36];
      for (var t = 0; t < tries.length; t++) {
        var start = gap * (k + 0.5 + tries[t]) - m.width / 2;
        if (start > 4 && start + m.width < total - 4 && set(view, pts, run, start, m, look, room)) { count++; break; }
      }
    }
    return count;
  }

  function at(pts, run, s) {
    var lo = 1, hi = run.length - 1;
    while (lo < hi) { var mid = (lo + hi) >> 1; if (run[mid] < s) { lo = mid + 1; } else { hi = mid; } }
    var a = pts[lo - 1], b = pts[lo], len = run[lo] - run[lo - 1] || 1, t = (s - run[lo - 1]) / len;
    return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, Math.atan2(b[1] - a[1], b[0] - a[0])];
  }

  function set(view, pts, run, start, m, look, room) {
    var a = at(pts, run, start), b = at(pts, run, start + m.width), dx = b[0] - a[0], dy = b[1] - a[1];
    if (Math.hypot(dx, dy) < m.width * 0.88) { return false; }
    var han = m.glyphs.some(cjk), steep = han && Math.abs(dy) > Math.abs(dx) * 1.2, back = steep ? dy < 0 : dx < 0;
    var glyphs = [], s = 0, h = look.size * 0.58;
    for (var i = 0; i < m.glyphs.length; i++) {
      var w = m.widths[i], along = s + w / 2, p = at(pts, run, back ? start + m.width - along : start + along);
      var angle = steep ? 0 : p[2] + (back ? Math.PI : 0), box = [p[0] - h, p[1] - h, p[0] + h, p[1] + h];
      if (!inside(view, box) || room.taken(box)) { return false; }
      glyphs.push({ text: m.glyphs[i], x: p[0], y: p[1], angle: angle, box: box });
      s += w;
    }
    for (var j = 1; j < glyphs.length; j++) {
      if (Math.abs(Math.sin(glyphs[j].angle - glyphs[j - 1].angle)) > 0.45) { return false; }
    }
    var g = view.g;
    [0, 1].forEach(function (pass) {
      glyphs.forEach(function (q) {
        g.save(); g.translate(q.x, q.y); g.rotate(q.angle);
        if (pass) { g.fillText(q.text, 0, 0); } else { g.strokeText(q.text, 0, 0); }
        g.restore();
      });
    });
    glyphs.forEach(function (q) { room.take(q.box); });
    c.placed.push({ text: m.glyphs.join(""), boxes: glyphs.map(function (q) { return q.box; }) });
    return true;
  }
})(civdef);
