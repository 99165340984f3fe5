// Modules of the dashboard that need no browser, loaded as they are served.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const FOLDER = resolve(import.meta.dirname, "../../main/resources/dashboard");

/** @param name a file that imports nothing */
export const load = (name) => import(`data:text/javascript;base64,${readFileSync(resolve(FOLDER, name)).toString("base64")}`);
