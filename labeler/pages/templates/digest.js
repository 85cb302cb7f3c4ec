// Filters, order and keys of the page of a digest. Without this script the page shows all papers.
(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const controls = $("controls");
  root.classList.add("js");
  const contents = document.querySelector(".contents");
  if (contents && matchMedia("(min-width: 64rem)").matches) contents.open = true;
  addEventListener("beforeprint", () => contents && (contents.open = true));

  const numbers = (text) => (text ? text.split(" ").map(Number) : []);
  const sections = [...document.querySelectorAll("main > section")].map((element) => ({
    element,
    topic: element.dataset.topic,
    list: element.querySelector(".papers"),
    count: element.querySelector("h2 .count"),
    also: [...element.querySelectorAll(".also li")],
    shown: null,
  }));
  const papers = [...document.querySelectorAll(".papers > article")].map((element, place) => ({
    element,
    place,
    home: sections.find((section) => section.list === element.parentNode),
    topics: numbers(element.dataset.t),
    ranks: numbers(element.dataset.p),
    decision: element.dataset.d,
    text: null,
  }));
  if (!controls || papers.length === 0) return; // as templates of one's own may have it

  const byKey = new Map(papers.map((paper) => [paper.element.id, paper]));
  const all = wholeList();
  sections.push(all);
  const fields = { q: $("search"), topic: $("topic"), decision: $("decision"), view: $("view") };

  function wholeList() {
    const element = document.createElement("section");
    element.hidden = true;
    element.innerHTML = '<h2 id="all-h">All papers <span class="count"></span></h2><div class="papers"></div>';
    element.setAttribute("aria-labelledby", "all-h");
    $("nothing").before(element);
    return { element, list: element.lastChild, count: element.querySelector(".count"), also: [], shown: null };
  }

  function placeOf(hash) {
    try {
      return decodeURIComponent(hash.slice(1));
    } catch {
      return ""; // an address that others have made
    }
  }
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const textOf = (paper) => (paper.text ??= fold(paper.element.textContent));
  const rank = (paper, topic) => {
    const place = topic === "" ? 0 : paper.topics.indexOf(Number(topic));
    return paper.ranks[place] ?? -1;
  };

  function sectionOf(paper, state) {
    if (state.view === "list") return all;
    if (state.topic === "" || paper.home.topic === "") return paper.home;
    return sections.find((section) => section.topic === state.topic) ?? paper.home;
  }

  let order = "";
  function arrange(state) {
    const wanted = `${state.view} ${state.topic}`;
    if (wanted === order) return;
    order = wanted;
    const lists = new Map(sections.map((section) => [section, []]));
    const usual = state.view === "" && state.topic === "";
    for (const paper of papers) {
      const has = state.topic === "" || paper.topics.includes(Number(state.topic));
      lists.get(has ? sectionOf(paper, state) : paper.home).push(paper);
    }
    for (const [section, members] of lists) {
      if (!usual) members.sort((one, other) => rank(other, state.topic) - rank(one, state.topic) || one.place - other.place);
      const same = members.length === section.list.childElementCount
        && members.every((paper, place) => section.list.children[place] === paper.element);
      if (!same) section.list.replaceChildren(...members.map((paper) => paper.element));
    }
  }

  function apply(state) {
    arrange(state);
    const words = fold(state.q).split(/\s+/).filter(Boolean);
    const counts = new Map(sections.map((section) => [section.list, [0, 0]]));
    let shown = 0;
    for (const paper of papers) {
      const passes = (state.topic === "" || paper.topics.includes(Number(state.topic)))
        && (state.decision === "" || paper.decision === state.decision)
        && words.every((word) => textOf(paper).includes(word));
      if (paper.element.hidden === passes) paper.element.hidden = !passes;
      const count = counts.get(paper.element.parentNode);
      count[1] += 1;
      if (passes) {
        count[0] += 1;
        shown += 1;
      }
    }
    const merged = state.view === "list" || state.topic !== "";
    for (const section of sections) {
      let [some, members] = counts.get(section.list);
      let also = 0;
      for (const item of section.also) {
        item.hidden = merged || byKey.get(placeOf(item.firstElementChild.hash))?.element.hidden === true;
        also += item.hidden ? 0 : 1;
      }
      if (section.also.length) section.also[0].parentNode.parentNode.hidden = also === 0;
      some += also;
      members += merged ? 0 : section.also.length;
      const told = some === members ? `${members}` : `${some} of ${members}`;
      if (section.shown !== told) section.count.textContent = section.shown = told;
      section.element.hidden = some === 0;
    }
    $("nothing").hidden = shown > 0;
    $("clear").hidden = shown === papers.length;
    $("status").textContent = shown === papers.length
      ? `${shown} ${shown === 1 ? "paper" : "papers"}` : `${shown} of ${papers.length} papers`;
  }

  // The state stands after "#?" in the address; any other hash is a place on the page.
  const options = (select) => [...select.options].map((option) => option.value);
  function stateOfPage() {
    return { q: fields.q.value.trim(), topic: fields.topic.value, decision: fields.decision.value, view: fields.view.value };
  }
  function readAddress() {
    if (location.hash !== "" && !location.hash.startsWith("#?")) return;
    const given = new URLSearchParams(location.hash.slice(2));
    for (const [name, field] of Object.entries(fields)) {
      const value = given.get(name) ?? "";
      field.value = field.options && !options(field).includes(value) ? "" : value;
    }
    $("whole").checked = given.has("whole");
    $("keys-on").checked = given.get("keys") !== "off";
  }
  function address() {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(stateOfPage())) if (value !== "") given.set(name, value);
    if ($("whole").checked) given.set("whole", "1");
    if (!$("keys-on").checked) given.set("keys", "off");
    const text = String(given);
    return text === "" ? "" : `#?${text}`;
  }
  let waiting = 0;
  function remember() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      try {
        history.replaceState(null, "", address() || location.href.split("#")[0]);
      } catch {
        // A page inside another one may have no history.
      }
    }, 200);
  }
  function update() {
    root.classList.toggle("whole", $("whole").checked);
    apply(stateOfPage());
  }
  function changed() {
    update();
    remember();
  }
  function clear() {
    for (const field of Object.values(fields)) if (field !== fields.view) field.value = "";
    changed();
    fields.q.focus();
  }
  // A link leads to a place on the page also where the filters hide it: then they are taken away.
  function showTarget() {
    const target = document.getElementById(placeOf(location.hash));
    if (!target?.closest("[hidden]")) return;
    for (const field of Object.values(fields)) field.value = "";
    update();
    target.scrollIntoView();
  }

  function unfold(paper, open = !paper.querySelector(".long")?.classList.contains("open")) {
    const button = paper.querySelector(".more");
    if (!button) return;
    paper.querySelector(".long").classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Less" : "More";
  }

  const visible = () => [...document.querySelectorAll("main > section:not([hidden]) article:not([hidden])")];
  const current = () => document.activeElement?.closest?.("article") ?? null;
  function go(step) {
    const list = visible();
    const now = current();
    let place = list.indexOf(now) + step;
    if (now === null) place = Math.max(0, list.findIndex((paper) => paper.getBoundingClientRect().bottom > 0));
    const next = list[Math.min(Math.max(place, 0), list.length - 1)];
    if (!next) return;
    const heading = next.querySelector("h3");
    const target = heading.querySelector("a") ?? heading;
    if (target === heading) heading.tabIndex = -1;
    target.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  const keys = {
    "/": () => { fields.q.focus(); fields.q.select(); },
    j: () => go(1),
    k: () => go(-1),
    o: () => { const paper = current(); if (paper) unfold(paper); },
    t: () => fields.topic.focus(),
    d: () => fields.decision.focus(),
    "?": () => $("keys").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
    const typing = event.target.matches?.("input[type=search], select, textarea");
    if (event.target === fields.q && event.key === "Escape") {
      fields.q.value = "";
      changed();
      event.preventDefault();
    } else if (event.key === "ArrowDown" && event.target === fields.q) {
      const first = visible()[0];
      if (first) { first.querySelector("h3 a, h3").focus(); go(current() ? 0 : 1); }
      event.preventDefault();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && current()) {
      go(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (!typing && $("keys-on").checked && Object.hasOwn(keys, event.key)) {
      keys[event.key]();
      event.preventDefault();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.matches?.(".more")) unfold(event.target.closest("article"));
  });
  // Thousands of papers take longer than a key does: then the search waits for the end of the word.
  let typed = 0;
  fields.q.addEventListener("input", () => {
    if (papers.length < 3000) return changed();
    clearTimeout(typed);
    typed = setTimeout(changed, 250);
  });
  for (const id of ["topic", "decision", "view", "whole", "keys-on"]) $(id).addEventListener("change", changed);
  $("clear").addEventListener("click", clear);
  $("clear-too").addEventListener("click", clear);
  $("keys-open").addEventListener("click", () => $("keys").showModal());
  $("keys-close").addEventListener("click", () => $("keys").close());
  addEventListener("hashchange", () => {
    readAddress();
    update();
    showTarget();
  });

  controls.hidden = false;
  readAddress();
  update();
  showTarget();
  (globalThis.requestIdleCallback ?? setTimeout)(() => papers.forEach(textOf));
})();
