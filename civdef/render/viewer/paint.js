// The map page, part 2: one canvas on which every layer is drawn in order.
(function (c) {
  "use strict";

  var PAD = 0.15; // share of the window drawn beyond each edge, so that a drag shows no blank border at once

  c.FONT = '"Microsoft YaHei","PingFang SC","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif';

  c.Painter = L.Layer.extend({
    onAdd: function (map) {
      this._canvas = L.DomUtil.create("canvas", "civdef-canvas leaflet-zoom-animated");
      this._canvas.setAttribute("aria-hidden", "true");
      this.getPane().appendChild(this._canvas);
      map.on("moveend resize viewreset", this.redraw, this);
      map.on("zoomanim", this._zoom, this);
      this.redraw();
    },
    onRemove: function (map) {
      this._canvas.remove();
      map.off("moveend resize viewreset", this.redraw, this);
      map.off("zoomanim", this._zoom, this);
    },
    _zoom: function (e) {
      var map = this._map, scale = map.getZoomScale(e.zoom, this._drawnZoom);
      L.DomUtil.setTransform(this._canvas, map._latLngBoundsToNewLayerBounds(this._bounds, e.zoom, e.center).min, scale);
    },
    redraw: function () {
      var map = this._map, size = map.getSize();
      if (!size.x || !size.y) { return; }
      var pad = size.multiplyBy(PAD).round(), min = map.containerPointToLayerPoint(pad.multiplyBy(-1)).round();
      var w = size.x + 2 * pad.x, h = size.y + 2 * pad.y, ratio = c.ratio || window.devicePixelRatio || 1;
      ratio = Math.min(ratio, Math.sqrt(30e6 / (w * h)));
      var canvas = this._canvas;
      canvas.width = Math.round(w * ratio); canvas.height = Math.round(h * ratio);
      canvas.style.width = w + "px"; canvas.style.height = h + "px";
      L.DomUtil.setPosition(canvas, min);
      this._drawnZoom = map.getZoom();
      this._bounds = L.latLngBounds(map.layerPointToLatLng(min), map.layerPointToLatLng(min.add([w, h])));
      var scale = Math.pow(2, map.getZoom()), corner = map.getPixelOrigin().add(min);
      var view = {
        g: canvas.getContext("2d"), w: w, h: h, zoom: map.getZoom(), k: scale, ox: corner.x, oy: corner.y,
        pad: pad, mpp: c.metresPerPixel(map),
        box: [corner.x / scale, corner.y / scale, (corner.x + w) / scale, (corner.y + h) / scale]
      };
      view.g.setTransform(ratio, 0, 0, ratio, 0, 0);
      view.g.clearRect(0, 0, w, h);
      view.g.lineJoin = "round"; view.g.lineCap = "round";
      paint(view);
      c.view = view;
    }
  });

  function paint(view) {
    c.layers.forEach(function (layer) {
      if (!layer.visible) { return; }
      if (layer.shape === "polygon") { polygons(view, layer); }
      else if (layer.shape === "line") { (layer.extra.flow ? flows : lines)(view, layer); }
    });
    chosen(view);
    c.layers.forEach(function (layer) {
      if (layer.visible && layer.shape === "point") { points(view, layer); }
    });
    c.labels(view);
  }

  c.seen = function (view, shape) {
    var a = shape.box, b = view.box;
    return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];
  };

  c.trace = function (view, ring, close) {
    var g = view.g;
    for (var i = 0; i < ring.length; i += 2) {
      var x = ring[i] * view.k - view.ox, y = ring[i + 1] * view.k - view.oy;
      if (i === 0) { g.moveTo(x, y); } else { g.lineTo(x, y); }
    }
    if (close) { g.closePath(); }
  };

  function grow(zoom) { return Math.max(0.45, Math.min(1.5, 1 + (zoom - 15.5) * 0.22)); }

  c.width = function (view, style) {
    return Math.max(style.width * grow(view.zoom), (style.widthM || 0) / view.mpp);
  };

  function polygons(view, layer) {
    var g = view.g;
    layer.rows.forEach(function (row, i) {
      var shape = layer.shapes[row], style = layer.styles[layer.style[i]];
      if (!c.seen(view, shape) || view.zoom < (style.minZoom || 0)) { return; }
      g.beginPath();
      shape.rings.forEach(function (ring) { c.trace(view, ring, true); });
      if (style.fill) { g.fillStyle = style.fill; g.fill("evenodd"); }
      if (style.hatch) { g.fillStyle = hatch(g, style.hatch); g.fill("evenodd"); }
      if (style.stroke && (style.width > 1 || view.zoom >= 14.5)) {
        if (style.casing) { g.setLineDash([]); g.strokeStyle = style.casing; g.lineWidth = style.width * grow(view.zoom) + 2; g.stroke(); }
        g.setLineDash(style.dash || []);
        g.strokeStyle = style.stroke; g.lineWidth = style.width * grow(view.zoom);
        g.stroke();
        g.setLineDash([]);
      }
    });
  }

  var patterns = {};
  function hatch(g, colour) {
    if (!patterns[colour]) {
      var tile = document.createElement("canvas"), t = tile.getContext("2d");
      tile.width = tile.height = 9;
      t.strokeStyle = colour; t.lineWidth = 1.1;
      t.beginPath(); t.moveTo(-1, 10); t.lineTo(10, -1); t.moveTo(-1, 1); t.lineTo(1, -1); t.moveTo(8, 10); t.lineTo(10, 8);
      t.stroke();
      patterns[colour] = g.createPattern(tile, "repeat");
    }
    return patterns[colour];
  }

  function lines(view, layer) {
    var g = view.g, byStyle = layer.styles.map(function () { return []; });
    layer.rows.forEach(function (row, i) {
      if (c.seen(view, layer.shapes[row])) { byStyle[layer.style[i]].push(layer.shapes[row]); }
    });
    function pass(inner) {
      layer.styles.forEach(function (style, s) {
        if (!byStyle[s].length || view.zoom < (style.minZoom || 0) || (!inner && !style.casing)) { return; }
        g.beginPath();
        byStyle[s].forEach(function (shape) { shape.rings.forEach(function (ring) { c.trace(view, ring, false); }); });
        var w = c.width(view, style);
        g.setLineDash(inner && style.dash ? style.dash : []);
        g.lineCap = style.dash ? "butt" : "round";
        g.strokeStyle = inner ? style.stroke : style.casing;
        g.lineWidth = inner ? w : w + Math.max(1.2, Math.min(2.6, w * 0.3));
        g.stroke();
      });
      g.setLineDash([]); g.lineCap = "round";
    }
    pass(false); pass(true);
  }

  // Streams of people: kept to the right of the street's middle line, arrows in walking direction.
  function flows(view, layer) {
    var g = view.g, drawn = [];
    layer.rows.forEach(function (row, i) {
      var shape = layer.shapes[row], style = layer.styles[layer.style[i]];
      if (!c.seen(view, shape) || view.zoom < (style.minZoom || 0)) { return; }
      var w = Math.min(c.width(view, style), style.width * 1.6);
      drawn.push({ style: style, w: w, path: aside(view, shape.rings[0], layer.extra.twoWay[i] ? w / 2 + 0.8 : 0) });
    });
    [false, true].forEach(function (inner) {
      drawn.forEach(function (d) {
        g.beginPath();
        d.path.forEach(function (p, k) { if (k) { g.lineTo(p[0], p[1]); } else { g.moveTo(p[0], p[1]); } });
        g.strokeStyle = inner ? d.style.stroke : d.style.casing;
        g.lineWidth = inner ? d.w : d.w + 2;
        g.stroke();
      });
    });
    if (view.zoom >= 14) { drawn.forEach(function (d) { arrows(g, d.path, d.w, d.style, view); }); }
  }

  function aside(view, ring, offset) {
    var path = [], n = ring.length / 2;
    for (var i = 0; i < n; i++) { path.push([ring[2 * i] * view.k - view.ox, ring[2 * i + 1] * view.k - view.oy]); }
    if (!offset || n < 2) { return path; }
    return path.map(function (p, i) {
      var a = path[Math.max(0, i - 1)], b = path[Math.min(n - 1, i + 1)];
      var dx = b[0] - a[0], dy = b[1] - a[1], len = Math.hypot(dx, dy) || 1;
      return [p[0] - dy / len * offset, p[1] + dx / len * offset];
    });
  }

  function arrows(g, path, w, style, view) {
    var gap = 80, next = 26, walked = 0, s = Math.max(4, w * 0.9 + 2.2);
    for (var i = 1; i < path.length; i++) {
      var a = path[i - 1], b = path[i], len = Math.hypot(b[0] - a[0], b[1] - a[1]);
      while (len > 0 && walked + len >= next) {
        var t = (next - walked) / len, x = a[0] + (b[0] - a[0]) * t, y = a[1] + (b[1] - a[1]) * t;
        next += gap;
        if (x < -20 || y < -20 || x > view.w + 20 || y > view.h + 20) { continue; }
        g.save();
        g.translate(x, y); g.rotate(Math.atan2(b[1] - a[1], b[0] - a[0]));
        g.beginPath(); g.moveTo(s, 0); g.lineTo(-s * 0.7, -s * 0.85); g.lineTo(-s * 0.25, 0); g.lineTo(-s * 0.7, s * 0.85); g.closePath();
        g.lineWidth = 1.6; g.strokeStyle = style.casing; g.stroke();
        g.fillStyle = style.fill; g.fill();
        g.restore();
      }
      walked += len;
    }
  }

  // What the user has chosen: a building with its route, or a shelter with its buildings.
  function chosen(view) {
    var choice = c.choice, g = view.g;
    if (!choice) { return; }
    choice.shapes.forEach(function (shape) {
      if (!c.seen(view, shape)) { return; }
      g.beginPath();
      shape.rings.forEach(function (ring) { c.trace(view, ring, choice.closed); });
      g.strokeStyle = "#fff"; g.lineWidth = 4.5; g.stroke();
      g.strokeStyle = "#d4380d"; g.lineWidth = 2.2; g.stroke();
    });
    if (choice.path) {
      g.beginPath(); c.trace(view, choice.path, false);
      g.strokeStyle = "#fff"; g.lineWidth = 7; g.stroke();
      g.strokeStyle = "#d4380d"; g.lineWidth = 3.6; g.stroke();
      arrows(g, aside(view, choice.path, 0), 3.6, { casing: "#fff", fill: "#a8200d" }, view);
    }
  }

  function points(view, layer) {
    var order = layer.rows.map(function (row, i) { return i; });
    order.sort(function (a, b) { return layer.shapes[layer.rows[a]].box[1] - layer.shapes[layer.rows[b]].box[1]; });
    order.forEach(function (i) {
      var shape = layer.shapes[layer.rows[i]], style = layer.styles[layer.style[i]];
      if (!c.seen(view, shape) || view.zoom < (style.minZoom || 0)) { return; }
      var x = shape.box[0] * view.k - view.ox, y = shape.box[1] * view.k - view.oy, s = c.symbolSize(view.zoom, style);
      if (c.rim(layer, i)) { frame(view.g, x, y, s, c.tone(layer, i)); }
      c.symbol(view.g, style, x, y, s);
    });
  }

  // The colour of the buildings that go to a shelter, shown as a frame around its sign.
  c.tone = function (layer, i) {
    var to = c.layerOf.assignments;
    if (layer.key !== "shelters" || !to || !to.visible) { return null; }
    if (!to.tones) {
      to.tones = {};
      to.rows.forEach(function (_, r) { to.tones[to.extra.shelter[r]] = to.styles[to.style[r]]; });
    }
    return to.tones[i] || null;
  };
  c.rim = function (layer, i) { return c.tone(layer, i) ? 4 : 0; };
  function frame(g, x, y, s, tone) {
    g.save(); g.translate(x, y);
    rounded(g, s + 4, s * 0.24 + 3);
    g.fillStyle = tone.fill; g.fill(); g.lineWidth = 1.3; g.strokeStyle = tone.stroke; g.stroke();
    g.restore();
  }

  var BIG = { "shelter-emergency": 1.0, "shelter-short-term": 1.1, "shelter-medium-term": 1.2, "shelter-long-term": 1.3, "shelter-central": 1.4, "shelter-air-raid": 1.0 };

  // Half the height of a symbol, in pixels.
  c.symbolSize = function (zoom, style) {
    var z = Math.max(0.62, Math.min(1.25, 0.8 + (zoom - 15) * 0.15)), s = style.symbol;
    if (BIG[s]) { return 10 * z * BIG[s]; }
    if (s === "star") { return 11 * z; }
    if (s === "dot" || s === "entrance") { return 4.6 * z; }
    if (s === "small-dot") { return 3 * z; }
    if (s === "gate" || s === "gate-locked") { return 4.5 * z; }
    return 7.5 * z;
  };

  c.symbol = function (g, style, x, y, s) {
    var kind = style.symbol || "dot";
    g.save(); g.translate(x, y);
    g.lineWidth = 1.4; g.strokeStyle = "#fff"; g.fillStyle = style.fill;
    if (kind.indexOf("shelter-") === 0) { shelter(g, kind, s); }
    else if (kind.indexOf("box-") === 0) { box(g, s); letter(g, kind.slice(4), s * 1.25); }
    else if (kind === "star") { disc(g, s); star(g, s * 0.72, "#ffd54a"); }
    else if (kind === "cross") { box(g, s); g.fillStyle = "#fff"; g.fillRect(-s * 0.6, -s * 0.2, s * 1.2, s * 0.4); g.fillRect(-s * 0.2, -s * 0.6, s * 0.4, s * 1.2); }
    else if (kind === "danger") { triangle(g, s * 1.15); letter(g, "!", s * 1.3, s * 0.22); }
    else if (kind === "siren") { disc(g, s); waves(g, s); }
    else if (kind === "gate" || kind === "gate-locked") { gate(g, s, kind === "gate-locked"); }
    else if (kind === "entrance") { triangle(g, s * 1.2); }
    else { disc(g, s); }
    g.restore();
  };

  function rounded(g, s, r) {
    g.beginPath();
    g.moveTo(-s + r, -s); g.arcTo(s, -s, s, s, r); g.arcTo(s, s, -s, s, r); g.arcTo(-s, s, -s, -s, r); g.arcTo(-s, -s, s, -s, r);
    g.closePath();
  }
  function box(g, s) { rounded(g, s, s * 0.28); g.fill(); g.stroke(); }
  function disc(g, s) { g.beginPath(); g.arc(0, 0, s, 0, 7); g.fill(); g.stroke(); }
  function triangle(g, s) { g.beginPath(); g.moveTo(0, -s); g.lineTo(s * 0.95, s * 0.7); g.lineTo(-s * 0.95, s * 0.7); g.closePath(); g.fill(); g.stroke(); }
  function letter(g, text, size, dy) {
    g.fillStyle = "#fff"; g.font = "600 " + size.toFixed(1) + "px " + c.FONT; g.textAlign = "center"; g.textBaseline = "middle";
    g.fillText(text, 0, (dy || 0) + size * 0.04);
  }
  function star(g, s, colour) {
    g.beginPath();
    for (var i = 0; i < 10; i++) {
      var r = i % 2 ? s * 0.4 : s, a = -Math.PI / 2 + i * Math.PI / 5;
      if (i) { g.lineTo(r * Math.cos(a), r * Math.sin(a)); } else { g.moveTo(r * Math.cos(a), r * Math.sin(a)); }
    }
    g.closePath(); g.fillStyle = colour; g.fill();
  }
  function waves(g, s) {
    g.lineWidth = s * 0.2; g.strokeStyle = "#fff";
    [0.28, 0.58].forEach(function (r) { g.beginPath(); g.arc(-s * 0.25, 0, s * r + s * 0.1, -0.9, 0.9); g.stroke(); });
    g.beginPath(); g.arc(-s * 0.3, 0, s * 0.16, 0, 7); g.fillStyle = "#fff"; g.fill();
  }
  function gate(g, s, locked) {
    g.fillStyle = "#fff"; g.strokeStyle = locked ? "#c0392b" : "#6b5b3e"; g.lineWidth = 1.5;
    rounded(g, s, s * 0.2); g.fill(); g.stroke();
    g.beginPath();
    if (locked) { g.moveTo(-s * 0.5, -s * 0.5); g.lineTo(s * 0.5, s * 0.5); g.moveTo(s * 0.5, -s * 0.5); g.lineTo(-s * 0.5, s * 0.5); }
    else { g.moveTo(0, -s); g.lineTo(0, s); }
    g.stroke();
  }

  // A green sign: roof over a person; classes by size and rim; the air-defence shelter is a blue shield.
  function shelter(g, kind, s) {
    g.shadowColor = "rgba(0,0,0,0.35)"; g.shadowBlur = 3;
    if (kind === "shelter-air-raid") {
      g.beginPath(); g.moveTo(0, -s * 1.05); g.lineTo(s * 0.95, -s * 0.7); g.lineTo(s * 0.9, s * 0.15);
      g.quadraticCurveTo(s * 0.7, s * 0.8, 0, s * 1.15); g.quadraticCurveTo(-s * 0.7, s * 0.8, -s * 0.9, s * 0.15); g.lineTo(-s * 0.95, -s * 0.7); g.closePath();
      g.fill();
    } else { rounded(g, s, s * 0.24); g.fill(); }
    g.shadowBlur = 0; g.shadowColor = "transparent";
    g.strokeStyle = kind === "shelter-central" ? "#ffd54a" : "#fff"; g.lineWidth = kind === "shelter-central" || kind === "shelter-long-term" ? 2.2 : 1.5;
    g.stroke();
    g.strokeStyle = "#fff"; g.fillStyle = "#fff"; g.lineWidth = Math.max(1.2, s * 0.17); g.lineJoin = "miter"; g.lineCap = "round";
    g.beginPath(); g.moveTo(-s * 0.66, -s * 0.06); g.lineTo(0, -s * 0.66); g.lineTo(s * 0.66, -s * 0.06); g.stroke();
    g.beginPath(); g.arc(0, -s * 0.1, s * 0.17, 0, 7); g.fill();
    g.beginPath(); g.moveTo(-s * 0.3, s * 0.68); g.lineTo(-s * 0.24, s * 0.3); g.quadraticCurveTo(0, s * 0.02, s * 0.24, s * 0.3); g.lineTo(s * 0.3, s * 0.68); g.closePath(); g.fill();
  }
})(civdef);
