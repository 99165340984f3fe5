// What pages fetch, and the states that fetching has.
import { html, useEffect, useRef, useSignal } from "./vendor/ui.js";
import { get, withQuery } from "./api.js";
import { Loading, Trouble } from "./parts.js";

/** Fetches, and hands on what came of it unless the page asks for something else by now. */
function useFetch(address) {
  const latest = useRef(address);
  latest.current = address;
  return async (path, take, refused) => {
    const [act, outcome] = await get(path).then((answer) => [take, answer], (refusal) => [refused, refusal]);
    if (latest.current === address) act(outcome);
  };
}

/** A list that is fetched page by page; `drop` takes rows out of it. */
export function useList(path, query, name) {
  const list = useSignal({ rows: null, cursor: null, refusal: null });
  const address = withQuery(path, query);
  const fetched = useFetch(address);
  const load = (cursor) => fetched(
    withQuery(path, { ...query, cursor }),
    (page) => (list.value = { rows: [...(cursor ? list.value.rows : []), ...page[name]], cursor: page.cursor ?? null, refusal: null }),
    (refusal) => (list.value = { ...list.value, refusal }),
  );
  useEffect(() => {
    list.value = { rows: null, cursor: null, refusal: null };
    load();
  }, [address]);
  return {
    ...list.value,
    reload: () => load(),
    more: () => load(list.value.cursor),
    drop: (gone) => (list.value = { ...list.value, rows: list.value.rows.filter((row) => !gone(row)) }),
  };
}

/** The states every list has: loading, refused, empty, and more of it. */
export function Listing({ list, empty, children }) {
  if (list.refusal) return html`<${Trouble} refusal=${list.refusal} again=${list.reload} />`;
  if (list.rows === null) return html`<${Loading} />`;
  // A page looks at so many, whether or not they fit.
  if (list.rows.length === 0 && list.cursor) return html`<p class="row"><span class="quiet">None among the newest.</span><button type="button" onClick=${list.more}>Look further back</button></p>`;
  if (list.rows.length === 0) return empty;
  return html`${children}${list.cursor && html`<p><button type="button" onClick=${list.more}>Show more</button></p>`}`;
}

/** One thing that is fetched; `again` fetches it anew. */
export function useThing(path, dependencies = []) {
  const thing = useSignal({ value: null, refusal: null });
  const fetched = useFetch(path);
  const load = () => fetched(path, (value) => (thing.value = { value, refusal: null }), (refusal) => (thing.value = { ...thing.value, refusal }));
  useEffect(() => {
    thing.value = { value: null, refusal: null };
    load();
  }, [path, ...dependencies]);
  return { ...thing.value, again: load, set: (value) => (thing.value = { value, refusal: null }) };
}

/** A thing that is fetched again and again until it has ended. */
export function useCourse(path, ended, every = 2_000) {
  const thing = useThing(path);
  useEffect(() => {
    const asked = !thing.value && !thing.refusal;
    if (asked || (thing.value && ended(thing.value))) return;
    const timer = setTimeout(thing.again, every);
    return () => clearTimeout(timer);
  }, [thing.value, thing.refusal]);
  return thing;
}
