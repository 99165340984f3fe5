// Changes that were not saved, kept in this browser until they are. Credentials are left out and have to be written again.
import { withoutCredentials } from "./credentials.js";

const STORED = "posthaste.unsaved";
const MOST = 20;
const MOST_CHARACTERS = 256 * 1024;

function all() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    return kept !== null && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
  } catch {
    return {}; // Somebody else's, or a browser that keeps nothing.
  }
}

/** The oldest go when there are too many, or too much. */
function write(kept) {
  const newest = Object.entries(kept).sort(([, a], [, b]) => b.at - a.at).slice(0, MOST);
  while (newest.length > 0 && JSON.stringify(Object.fromEntries(newest)).length > MOST_CHARACTERS) newest.pop();
  try {
    if (newest.length === 0) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // A browser that keeps nothing, or is full: the page still asks before it is left.
  }
}

/** What was changed and not saved: `definition`, `version` it began from, `at`, and `left`, fields without their credentials; or null. */
export function kept(id) {
  const found = all()[id || "+"];
  return typeof found?.at === "number" && Array.isArray(found.definition?.headers) ? found : null;
}

export function keep(id, version, definition) {
  const { clean, left } = withoutCredentials(definition);
  write({ ...all(), [id || "+"]: { at: Date.now(), version, definition: clean, left } });
}

export function forget(id) {
  const { [id || "+"]: gone, ...others } = all();
  if (gone) write(others);
}
