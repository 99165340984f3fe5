// Recipes: actions to begin with, for receivers that many have.
import { html, useSignal } from "./vendor/ui.js";
import { useThing } from "./data.js";
import { Empty, Heading, Loading, Text, Trouble } from "./parts.js";

/** Where a sample and a definition wait for the composer; they hold placeholders, no credentials. */
const CHOSEN = "posthaste.recipe";

/** The recipe that was chosen last, once. */
export function chosen() {
  const text = sessionStorage.getItem(CHOSEN);
  sessionStorage.removeItem(CHOSEN);
  return text && JSON.parse(text);
}

export function Gallery() {
  const recipes = useThing("/v1/recipes");
  const filter = useSignal("");
  const wanted = filter.value.toLowerCase();
  const rows = (recipes.value?.recipes ?? []).filter(({ name, about, action }) => `${name} ${about} ${action.url}`.toLowerCase().includes(wanted));
  return html`<${Heading} title="Recipes" back=${{ href: "#/actions", label: "All actions" }}><a class="button" href="#/actions/+">Blank action</a><//>
    <p class="quiet">Actions to begin with. Addresses and ids in them are placeholders; secrets are named, and stored by you.</p>
    <div class="filters"><input aria-label="Filter recipes" placeholder="Filter" value=${filter.value} onInput=${(event) => (filter.value = event.target.value)} /></div>
    ${recipes.refusal ? html`<${Trouble} refusal=${recipes.refusal} again=${recipes.again} />` : !recipes.value ? html`<${Loading} />`
      : rows.length === 0 ? html`<${Empty} title="No recipe fits.">Paste a curl command from the receiver's documentation into a blank action instead.<//>`
      : html`<ul class="gallery">${rows.map((recipe) => html`<${Card} key=${recipe.id} recipe=${recipe} />`)}</ul>`}`;
}

const host = (url) => /^[a-z]+:\/\/(?:[^@/]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url;

function Card({ recipe }) {
  const { name, about, trigger, action, secrets } = recipe;
  const choose = () => {
    sessionStorage.setItem(CHOSEN, JSON.stringify(recipe));
    location.hash = "#/actions/+";
  };
  return html`<li class="panel"><h2><${Text} value=${name} /></h2>
    <p><span class="quiet">${action.method}</span> <code><${Text} value=${host(action.url)} /></code></p>
    <p class="quiet">${about ? html`<${Text} value=${about} />` : html`For ${trigger === "any" ? "any trigger" : trigger}.`}</p>
    ${(secrets.length > 0 || action.connection) && html`<p class="hint">Needs ${secrets.length > 0 && html`the secret ${secrets.map((secret) => html`<code>${secret}</code>`)}`}${action.connection && html`the connection <code>${action.connection}</code>`}</p>`}
    <div class="actions"><button type="button" class="small" aria-label="Begin with this: ${name}" onClick=${choose}>Begin with this</button></div></li>`;
}
