// The map page, part 6: put together, fit the street, prepare for paper.
(function (c) {
  "use strict";

  c.home = function (map) {
    var b = c.doc.bounds;
    c.fit(map, [[b[1], b[0]], [b[3], b[2]]], 14);
  };

  // Fit exactly; steps of the zoom are for the wheel.
  c.fit = function (map, bounds, padding) {
    var snap = map.options.zoomSnap;
    map.options.zoomSnap = 0;
    map.fitBounds(bounds, { animate: false, padding: [padding, padding] });
    map.options.zoomSnap = snap;
  };

  c.start = function (map, id) {
    c.read(id);
    c.map = map;
    document.body.insertBefore(c.head(), document.body.firstChild);
    document.body.appendChild(c.panel(map));
    document.body.appendChild(c.foot());
    map.invalidateSize({ animate: false });
    var bar = L.control.scale({ imperial: false, maxWidth: 160, position: "bottomleft" });
    bar._updateMetric = function (most) { // as Leaflet's own, with units in the map's language
      var m = this._getRoundNum(most);
      this._updateScale(this._mScale, m < 1000 ? m + " " + c.words.metres : m / 1000 + " " + c.words.kilometres, m / most);
    };
    bar.addTo(map);
    c.buttons(map).addTo(map);
    c.north().addTo(map);
    c.painter = new c.Painter();
    c.home(map);
    c.painter.addTo(map);
    c.listen(map);
    new ResizeObserver(function () { map.invalidateSize({ animate: false, pan: false }); }).observe(map.getContainer());
    paper(map);
    document.body.classList.add("civdef-ready");
  };

  var TIGHT = ["civdef-tight", "civdef-wide", "civdef-tighter", "civdef-tightest"]; // until the legend fits the sheet; never under 7 pt

  // On paper the page has the size of a sheet: lay out for it, show the same part of town, draw it sharper.
  function paper(map) {
    var before = null;
    window.addEventListener("beforeprint", function () {
      var b = map.getBounds();
      before = { bounds: b, center: map.getCenter(), zoom: map.getZoom() };
      var home = c.doc.bounds, whole = b.contains([[home[1], home[0]], [home[3], home[2]]]);
      document.body.classList.add("civdef-paper");
      map.closePopup();
      map.invalidateSize({ animate: false, pan: false });
      c.ratio = 3;
      if (whole) { c.home(map); } else { c.fit(map, b, 0); }
      c.shownLegend(map.getZoom());
      var panel = document.querySelector("aside.civdef-panel");
      TIGHT.forEach(function (name) { document.body.classList.remove(name); });
      TIGHT.forEach(function (name) {
        if (panel.scrollHeight > panel.clientHeight + 2) { document.body.classList.add(name); }
      });
      map.invalidateSize({ animate: false, pan: false });
      if (whole) { c.home(map); } else { c.fit(map, b, 0); }
      c.painter.redraw();
    });
    window.addEventListener("afterprint", function () {
      document.body.classList.remove("civdef-paper");
      TIGHT.forEach(function (name) { document.body.classList.remove(name); });
      c.ratio = 0;
      map.invalidateSize({ animate: false, pan: false });
      if (before) { map.setView(before.center, before.zoom, { animate: false }); }
      c.painter.redraw();
    });
  }
})(civdef);
