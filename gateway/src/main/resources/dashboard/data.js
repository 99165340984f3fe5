// What pages fetch, and the states that fetching has.
import { html, useEffect, useSignal } from "./vendor/ui.js";
import { get, withQuery } from "./api.js";
import { Loading, Trouble } from "./parts.js";

/** A list that is fetched page by page. `changed` lets the page change rows in place. */
export function useList(path, query, name) {
  const list = useSignal({ rows: null, cursor: null, refusal: null });
  const address = withQuery(path, query);
  const load = async (cursor) => {
    try {
      const page = await get(withQuery(path, { ...query, cursor }));
      const before = cursor ? list.value.rows : [];
      list.value = { rows: [...before, ...page[name]], cursor: page.cursor ?? null, refusal: null };
    } catch (refusal) {
      list.value = { ...list.value, refusal };
    }
  };
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
  if (list.rows.length === 0) return empty;
  return html`${children}${list.cursor && html`<p><button onClick=${list.more}>Show more</button></p>`}`;
}

/** One thing that is fetched; `again` fetches it anew. */
export function useThing(path, dependencies = []) {
  const thing = useSignal({ value: null, refusal: null });
  const load = async () => {
    try {
      thing.value = { value: await get(path), refusal: null };
    } catch (refusal) {
      thing.value = { ...thing.value, refusal };
    }
  };
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
    if (!thing.value || ended(thing.value)) return;
    const timer = setTimeout(async () => {
      const next = await get(path).catch(() => ({ ...thing.value }));
      thing.set(next);
    }, every);
    return () => clearTimeout(timer);
  }, [thing.value]);
  return thing;
}
