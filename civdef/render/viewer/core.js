// The map page, part 1: the document it was given, and shapes as coordinates of the Mercator square.
// Everything from data becomes a text node or a number; nothing is parsed as markup.
var civdef = {};

(function (c) {
  "use strict";

  c.WORLD = 256; // side of the Mercator square at zoom 0, in pixels, as Leaflet has it

  c.element = function (name, className, text) {
    var node = document.createElement(name);
    if (className) { node.className = className; }
    if (text !== undefined && text !== null) { node.textContent = String(text); }
    return node;
  };

  c.svg = function (name, attributes) {
    var node = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(attributes).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    return node;
  };

  function mercatorY(lat) {
    var s = Math.sin(lat * Math.PI / 180);
    return (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * c.WORLD;
  }

  // A ring of steps in 1e-6 degrees → x, y, x, y … in the Mercator square.
  function decode(steps, origin) {
    var out = new Float64Array(steps.length), x = origin[0], y = origin[1];
    for (var i = 0; i < steps.length; i += 2) {
      x += steps[i]; y += steps[i + 1];
      out[i] = (x / 1e6 + 180) / 360 * c.WORLD;
      out[i + 1] = mercatorY(y / 1e6);
    }
    return out;
  }

  // A shape: its rings and the box around them [west, north, east, south].
  c.shape = function (rings, origin) {
    var box = [Infinity, Infinity, -Infinity, -Infinity];
    var decoded = rings.map(function (steps) {
      var ring = decode(steps, origin);
      for (var i = 0; i < ring.length; i += 2) {
        if (ring[i] < box[0]) { box[0] = ring[i]; }
        if (ring[i] > box[2]) { box[2] = ring[i]; }
        if (ring[i + 1] < box[1]) { box[1] = ring[i + 1]; }
        if (ring[i + 1] > box[3]) { box[3] = ring[i + 1]; }
      }
      return ring;
    });
    return { rings: decoded, box: box };
  };

  c.middle = function (shape) { return [(shape.box[0] + shape.box[2]) / 2, (shape.box[1] + shape.box[3]) / 2]; };

  c.latLng = function (point) {
    var n = Math.PI - 2 * Math.PI * point[1] / c.WORLD;
    return L.latLng(180 / Math.PI * Math.atan(0.5 * (Math.exp(n) - Math.exp(-n))), point[0] / c.WORLD * 360 - 180);
  };

  c.world = function (latlng) { return [(latlng.lng + 180) / 360 * c.WORLD, mercatorY(latlng.lat)]; };

  c.metresPerPixel = function (map) {
    return 40075016.686 * Math.cos(map.getCenter().lat * Math.PI / 180) / (c.WORLD * Math.pow(2, map.getZoom()));
  };

  c.read = function (id) {
    var doc = JSON.parse(document.getElementById(id).textContent);
    c.doc = doc;
    c.words = doc.words;
    c.tables = {};
    Object.keys(doc.tables).forEach(function (name) {
      c.tables[name] = doc.tables[name].map(function (rings) { return c.shape(rings, doc.origin); });
    });
    c.layers = doc.layers.map(function (layer) {
      layer.shapes = c.tables[layer.table];
      layer.rows = layer.rows || layer.shapes.map(function (_, i) { return i; });
      layer.place = {}; // row of the table → place in this layer
      layer.rows.forEach(function (row, i) { layer.place[row] = i; });
      layer.visible = layer.on;
      layer.labels.forEach(function (group) {
        group.lines = group.along.map(function (rings) { return c.shape(rings, doc.origin); });
        group.points = group.at.map(function (p) {
          return c.middle(c.shape([p], doc.origin));
        });
      });
      return layer;
    });
    c.layerOf = {};
    c.layers.forEach(function (layer) { c.layerOf[layer.key] = layer; });
  };

  // The suffix tree of routes: step i walks line |arc| (backwards if negative), then goes on with step next[i].
  c.route = function (start) {
    var tree = c.doc.paths, lines = c.tables.arcs, out = [];
    for (var i = start, guard = 0; i >= 0 && guard < 100000; i = tree.next[i], guard++) {
      var arc = tree.arc[i], ring = lines[Math.abs(arc) - 1].rings[0];
      for (var k = 0; k < ring.length; k += 2) {
        var j = arc > 0 ? k : ring.length - 2 - k;
        out.push(ring[j], ring[j + 1]);
      }
    }
    return out;
  };
})(civdef);
