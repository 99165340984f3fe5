// A text editor that knows Liquid in JSON and shows problems at their line and column. CodeMirror, in a shadow root:
// there it may add its styles under our policy.
import { suggest } from "./completion.js";
import { html, useEffect, useRef } from "./vendor/ui.js";

let library;
const load = () => (library ??= import("./vendor/editor.js"));

/**
 * @param words what Liquid is completed from, as `suggest` takes it; nothing is completed without
 * @param problems with line and column, counted from 1, and a severity if they are no errors
 * @param single one line only
 * @param paste is asked first of what is pasted, and answers whether it took it
 */
export function Editor({ value, onChange, problems = [], words = null, label, single = false, rows = 1, paste = null }) {
  const host = useRef(null);
  const view = useRef(null);
  const latest = useRef({});
  const typed = useRef([]);
  Object.assign(latest.current, { words, problems, paste, onChange: (text) => (typed.current.push(text), onChange(text)) });

  useEffect(() => {
    let gone = false;
    load().then((cm) => {
      if (gone) return;
      const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
      root.replaceChildren();
      view.current = { cm, editor: create(cm, root, { value, label, single, rows, latest }) };
      showProblems(view.current, latest.current.problems);
    });
    return () => {
      gone = true;
      view.current?.editor.destroy();
      view.current = null;
    };
  }, []);
  useEffect(() => {
    // What was typed comes back as the value, later and maybe after more was typed: only what is other than all of it is news.
    const echo = typed.current.indexOf(value);
    typed.current = echo < 0 ? [] : typed.current.slice(echo + 1);
    const editor = view.current?.editor;
    if (echo >= 0 || !editor || editor.state.doc.toString() === value) return;
    latest.current.told = true;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    latest.current.told = false;
  }, [value]);
  useEffect(() => view.current && showProblems(view.current, problems), [problems]);
  return html`<div class="editor" ref=${host}></div>`;
}

function create(cm, root, { value, label, single, rows, latest }) {
  const { EditorView, EditorState } = cm;
  const common = [
    cm.history(), cm.drawSelection(), cm.highlightSpecialChars(), cm.bracketMatching(), cm.closeBrackets(),
    cm.StreamLanguage.define(liquidIn(single ? prose : json)), cm.syntaxHighlighting(highlight(cm)), completion(cm, latest),
    cm.keymap.of([...byTab(cm), ...cm.closeBracketsKeymap, ...cm.defaultKeymap, ...cm.historyKeymap, ...cm.completionKeymap]),
    EditorView.lineWrapping, replaceSelected(EditorView), taking(EditorView, latest), theme(EditorView, rows),
    EditorView.contentAttributes.of({ "aria-label": label, ...(single ? { "aria-multiline": "false" } : {}) }),
    EditorView.updateListener.of((update) => update.docChanged && !latest.current.told && latest.current.onChange(update.state.doc.toString())),
  ];
  const extensions = single
    ? [...common, EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change))]
    : [...common, cm.lineNumbers(), cm.lintGutter()];
  return new EditorView({ parent: root, root, state: EditorState.create({ doc: value, extensions }) });
}

/** Chrome carries the colours of text that is typed over along as inline styles, which the policy refuses: we type over it. */
const replaceSelected = (EditorView) => EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main } = view.state.selection;
    if (event.inputType !== "insertText" || main.empty || !event.data || event.isComposing) return false;
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type" });
    const taken = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, main.from, main.to, event.data, insert));
    if (!taken) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

const taking = (EditorView, latest) => EditorView.domEventHandlers({
  paste(event) {
    const text = event.clipboardData?.getData("text/plain");
    if (!text || !latest.current.paste?.(text)) return false;
    event.preventDefault();
    return true;
  },
});

function showProblems({ cm, editor }, problems) {
  const { doc } = editor.state;
  const diagnostics = problems.filter((one) => one.line >= 1).map((one) => {
    const line = doc.line(Math.min(one.line, doc.lines));
    const from = Math.min(line.from + Math.max(0, one.column - 1), line.to);
    return { from, to: Math.max(endOfPiece(line, from), from), severity: one.severity ?? "error", message: one.fix ? `${one.message}, ${one.fix}` : one.message };
  });
  editor.dispatch(cm.setDiagnostics(editor.state, diagnostics));
}

/** To the end of the tag or output that begins there, or else of the word. */
function endOfPiece(line, from) {
  const rest = line.text.slice(from - line.from);
  const piece = /^\{\{.*?\}\}|^\{%.*?%\}|^\w+|^./.exec(rest);
  return from + (piece ? piece[0].length : 0);
}

const WORDS = /^(?:and|or|contains|true|false|nil|null|blank|empty|in)\b/;

/** Liquid anywhere in something else. `where` is "" outside of Liquid, else what ends it; `first` whether a tag's name follows. */
const liquidIn = (outside) => ({
  name: "liquid",
  startState: () => ({ where: "", first: false, filter: false, text: false }),
  token(stream, state) {
    return state.where ? liquid(stream, state) : outside(stream, state);
  },
});

function prose(stream, state) {
  if (enter(stream, state)) return "bracket";
  stream.next();
  return null;
}

function enter(stream, state) {
  if (stream.match(/^\{\{-?/)) state.where = "}}";
  else if (stream.match(/^\{%-?/)) state.where = "%}";
  else return false;
  state.first = state.where === "%}";
  state.filter = false;
  return true;
}

function liquid(stream, state) {
  if (stream.eatSpace()) return null;
  if (stream.match(state.where === "}}" ? /^-?\}\}/ : /^-?%\}/)) {
    state.where = "";
    return "bracket";
  }
  if (stream.match(/^"[^"]*"?|^'[^']*'?/)) return "string";
  if (stream.match(/^-?\d+(?:\.\d+)?/)) return "number";
  if (stream.match("|")) {
    state.filter = true;
    return "operator";
  }
  if (stream.match(WORDS)) return "keyword";
  if (stream.match(/^[\w-]+[?!]?/)) {
    const kind = state.first ? "keyword" : state.filter ? "function" : "variable";
    state.first = state.filter = false;
    return kind;
  }
  stream.next();
  return "operator";
}

function json(stream, state) {
  if (enter(stream, state)) return "bracket";
  if (state.text) {
    while (!stream.eol()) {
      if (stream.match(/^\{[{%]/, false)) return "string";
      const next = stream.next();
      if (next === "\\") stream.next();
      else if (next === '"') {
        state.text = false;
        return stream.match(/^\s*:/, false) ? "property" : "string";
      }
    }
    return "string";
  }
  if (stream.eatSpace()) return null;
  if (stream.match('"')) {
    state.text = true;
    return json(stream, state) ?? "string";
  }
  if (stream.match(/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/)) return "number";
  if (stream.match(/^(?:true|false|null)\b/)) return "keyword";
  stream.next();
  return null;
}

function highlight({ HighlightStyle, tags }) {
  const colour = (name) => `var(--${name})`;
  return HighlightStyle.define([
    { tag: tags.bracket, color: colour("tag"), fontWeight: "600" },
    { tag: tags.keyword, color: colour("tag") },
    { tag: tags.string, color: colour("string") },
    { tag: tags.number, color: colour("number") },
    { tag: tags.propertyName, color: colour("key") },
    { tag: tags.function(tags.variableName), color: colour("filter") },
    { tag: tags.operator, color: colour("quiet") },
  ]);
}

const completion = (cm, latest) => cm.autocompletion({
  override: [(at) => complete(at, latest.current.words)], icons: false, maxRenderedOptions: 60,
  addToOptions: [{ position: 60, render: ({ about }) => Object.assign(document.createElement("span"), { className: "about", textContent: about }) }],
});

/** Tab takes what Enter takes while a list is open; else it leaves the editor, as everywhere on the page. */
const byTab = (cm) => cm.completionKeymap.filter((bound) => bound.key === "Enter").map((bound) => ({ key: "Tab", run: bound.run }));

function complete(context, words) {
  const found = words && suggest(context.state.sliceDoc(0, context.pos), words);
  if (!found || !(found.due || context.explicit)) return null;
  return { from: found.from, options: found.options.map(option), validFor: /^\w*(?:\.\w*)*$/ };
}

const option = (found) => ({ ...found, type: found.kind, boost: found.kind === "tag" && found.label.startsWith("end") ? 2 : 0, info: found.example || undefined, apply: found.kind === "variable" ? undefined : put });

/** Writes a tag with what closes it, a filter with its colon, and leaves the caret where the next word goes. */
function put(view, { label, kind, end, alone, colon }, from, to) {
  const { doc } = view.state;
  const rest = doc.sliceString(to, doc.lineAt(to).to);
  const closed = kind === "filter" || /^\s*-?%\}/.test(rest);
  const name = (from > 0 && /\{%-?$/.test(doc.sliceString(from - 3, from)) ? " " : "") + label + (kind === "filter" ? (colon ? ": " : "") : alone ? "" : " ");
  const behind = closed ? "" : ` %}${end ? `{% ${end} %}` : ""}`;
  // Of {% the editor closed the brace.
  const eaten = !closed && rest.trimStart().startsWith("}") ? rest.indexOf("}") + 1 : 0;
  const caret = from + name.length + (alone && !closed ? " %}".length : 0);
  view.dispatch({ changes: { from, to: to + eaten, insert: name + behind }, selection: { anchor: caret }, userEvent: "input.complete", scrollIntoView: true });
}

function theme(EditorView, rows) {
  const font = '12.5px/1.55 "JetBrains Mono", ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';
  return EditorView.theme({
    "&": { background: "var(--raised)", color: "var(--ink)", border: "1px solid var(--strong-line)", borderRadius: "7px", overflow: "hidden" },
    "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
    ".cm-scroller": { font, fontVariantLigatures: "none", minHeight: `${rows * 19.4 + 12}px`, maxHeight: "60vh" },
    ".cm-content": { padding: "6px 0", caretColor: "var(--ink)" },
    ".cm-line": { padding: "0 10px" },
    ".cm-gutters": { background: "var(--code)", color: "var(--quiet)", border: "0" },
    ".cm-cursor": { borderLeftColor: "var(--ink)" },
    "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "var(--busy-soft) !important" },
    "&.cm-focused .cm-matchingBracket": { background: "var(--hold-soft)" },
    "&:not(.cm-focused) .cm-matchingBracket": { background: "none" },
    ".cm-specialChar": { color: "var(--bad)" },
    ".cm-tooltip": { background: "var(--raised)", border: "1px solid var(--strong-line)", borderRadius: "7px", color: "var(--ink)", overflow: "hidden" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { font, maxHeight: "236px", minWidth: "min(220px, 90vw)", maxWidth: "min(560px, 92vw)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { display: "flex", gap: "16px", justifyContent: "space-between", alignItems: "baseline", padding: "3px 10px" },
    ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
    ".about": { color: "var(--quiet)", font: "12px Inter, system-ui, sans-serif", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
    ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--accent-ink)" },
    "li[aria-selected] .about": { color: "inherit" },
    ".cm-tooltip.cm-completionInfo": { font, padding: "6px 10px", maxWidth: "min(360px, 80vw)", whiteSpace: "pre-wrap", overflowWrap: "anywhere", color: "var(--quiet)" },
    ".cm-diagnostic": { font: "13px Inter, system-ui, sans-serif", padding: "6px 10px" },
    ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px" },
    ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)", textUnderlineOffset: "3px" },
    ".cm-lint-marker": { content: '""', width: "9px", height: "9px", borderRadius: "50%", margin: "5px 0 0 2px" },
    ".cm-lint-marker-error": { background: "var(--bad)" },
    ".cm-lint-marker-warning": { background: "var(--warn)" },
  });
}
