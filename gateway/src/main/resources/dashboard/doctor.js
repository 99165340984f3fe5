// What would break in production, and how to mend it.
import { html } from "./vendor/ui.js";
import { useThing } from "./data.js";
import { Heading, Loading, State, Text, Trouble } from "./parts.js";

const TONES = { ok: "good", warning: "warn", broken: "bad" };

export default function Doctor() {
  const checkup = useThing("/v1/doctor");
  return html`<${Heading} title="Doctor"><button type="button" onClick=${checkup.again}>Look again</button><//>
    <p class="quiet">Redis, the machine of the gateway that answers here, the way to receivers, keys, and readers of results; the worst first.</p>
    ${checkup.value ? html`<${Findings} list=${checkup.value.findings} />` : checkup.refusal ? html`<${Trouble} refusal=${checkup.refusal} again=${checkup.again} />` : html`<${Loading} />`}`;
}

const Findings = ({ list }) => html`<section class="panel"><div class="scroll" tabindex="0" role="region" aria-label="Findings"><table><thead><tr><th>Level</th><th>Check</th><th>Found</th><th>What to do</th></tr></thead>
  <tbody>${list.map((one) => html`<tr key=${one.check + one.found}><td><${State} name=${one.level} tone=${TONES[one.level]} /></td><td><${Text} value=${one.check} /></td>
    <td class="wide"><${Text} value=${one.found} /></td><td class="wide quiet"><${Text} value=${one.fix} /></td></tr>`)}</tbody></table></div></section>`;
