// The dashboard's view library: components by preact, markup by htm, state by signals.
export { html, render } from "htm/preact";
export { useEffect, useMemo, useRef, useState } from "preact/hooks";
export { batch, computed, effect, signal, useComputed, useSignal } from "@preact/signals";
