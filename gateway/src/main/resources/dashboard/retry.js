// When attempts follow each other.
import { html } from "./vendor/ui.js";
import { duration, plural } from "./format.js";

/** The named policies, as the gateway has them. */
export const POLICIES = {
  standard: { timeout_ms: 4000, delays_ms: [11000, 21000, 42000, 84000, 169000, 338000, 676000, 1351000, 2703000, 5405000], statuses: ["408", "409", "429", "5xx"] },
  brisk: { timeout_ms: 16000, delays_ms: [2000, 3000, 7000, 14000, 29000, 56000, 112000, 225000, 451000, 900000, 1801000], statuses: ["408", "409", "429", "5xx"] },
};

export const policyOf = (retry) => POLICIES[retry?.policy ?? "standard"] ?? retry;

/** The schedule of a policy in one sentence and, unfolded, attempt by attempt. */
export function Schedule({ retry }) {
  const policy = policyOf(retry);
  const delays = policy?.delays_ms ?? [];
  const ends = delays.map((_, i) => delays.slice(0, i + 1).reduce((all, delay) => all + delay, 0));
  if (delays.length === 0) return html`<p class="hint">One attempt of at most ${duration(policy?.timeout_ms)}; nothing is retried.</p>`;
  return html`<details class="schedule"><summary>An attempt may take ${duration(policy.timeout_ms)}; ${plural(delays.length, "retry", "retries")} within ${duration(ends[ends.length - 1])}.</summary>
    <table><thead><tr><th>Attempt</th><th class="n">Waits</th><th class="n">After the first</th></tr></thead><tbody>
      <tr><td>1</td><td class="n">none</td><td class="n">at once</td></tr>
      ${delays.map((delay, i) => html`<tr><td>${i + 2}</td><td class="n">${duration(delay)}</td><td class="n">${duration(ends[i])}</td></tr>`)}
    </tbody></table>
    <p class="hint">Retried are ${policy.statuses.join(", ")} and attempts without an answer. Waits vary by a tenth; a longer Retry-After wins.</p>
  </details>`;
}
