// Prints name, version and licence text of every package that is bundled.
import { readFileSync, readdirSync } from "node:fs";

const TOOLS = /^node_modules\/(@esbuild\/|esbuild$)/;
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));

for (const folder of Object.keys(packages).sort()) {
  if (folder === "" || TOOLS.test(folder)) continue;
  const text = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  console.log(`${folder.replace("node_modules/", "")} ${packages[folder].version} (${packages[folder].license})\n`);
  console.log(text ? readFileSync(`${folder}/${text}`, "utf8").trim() : "");
  console.log(`\n${"-".repeat(80)}\n`);
}
