// The stylesheet of the pages: one column, light or dark by the reader's own setting, both writing directions.

/** `color` is the brand's, `ink` the text colour on it. No other text has the brand's colour, because its contrast is unknown. */
export const stylesheet = (color: string, ink: string): string => `
:root {
  color-scheme: light dark;
  --brand: ${color};
  --on-brand: ${ink};
  --paper: #f4f5f2;
  --card: #fff;
  --ink: #1b1f24;
  --soft: #555d67;
  --line: #e0e4de;
  --edge: #8a929b;
  --tint: #f1f3ee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131518;
    --card: #1c1f23;
    --ink: #f1f3f4;
    --soft: #adb4bc;
    --line: #31363c;
    --edge: #6f7882;
    --tint: #25292e;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  min-height: 100vh;
  min-height: 100dvh;
  display: grid;
  grid-template: auto 1fr / minmax(0, 30rem);
  place-content: center;
  align-content: start;
  gap: 1.25rem;
  padding: clamp(1.25rem, 7vh, 4rem) 1rem 2rem;
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", Arial, sans-serif;
}
.brand { padding-inline: .25rem; font-weight: 650; overflow-wrap: anywhere; }
.brand img { display: block; height: 2rem; max-width: 12rem; }
main {
  align-self: start;
  padding: clamp(1.5rem, 6vw, 2.5rem);
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 1rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px -16px rgb(0 0 0 / 14%);
}
.mark {
  display: grid;
  place-items: center;
  width: 3rem;
  height: 3rem;
  margin-block-end: 1.5rem;
  border-radius: .8rem;
  background: var(--brand);
  color: var(--on-brand);
  font-size: 1.35rem;
  font-weight: 650;
  line-height: 1;
}
.past .mark { background: var(--tint); color: var(--soft); }
h1 { font-size: clamp(1.4rem, 1.1rem + 1.6vw, 1.7rem); line-height: 1.25; font-weight: 650; letter-spacing: -.012em; text-wrap: balance; overflow-wrap: anywhere; }
.text { margin-block-start: .75rem; color: var(--soft); overflow-wrap: anywhere; }
.text bdi { color: var(--ink); }
.address { display: inline-block; max-width: 100%; }
.notice { margin-block-end: 1.5rem; padding: .8rem 1rem; border-radius: .6rem; background: var(--tint); border-inline-start: 4px solid var(--edge); }
dl { margin-block-start: 1.5rem; border-block-start: 1px solid var(--line); }
dl div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.5rem; padding-block: .7rem; border-block-end: 1px solid var(--line); }
dt { color: var(--soft); }
dd { font-weight: 550; overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-block-start: 1.75rem; }
.actions > * {
  flex: 1 1 auto;
  min-height: 3rem;
  padding: .7rem 1.5rem;
  border: 1px solid var(--edge);
  border-radius: .7rem;
  background: transparent;
  color: var(--ink);
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
.actions > .main { flex-grow: 3; border-color: transparent; background: var(--brand); color: var(--on-brand); }
.actions > :hover { border-color: var(--ink); }
.actions > .main:hover { border-color: transparent; box-shadow: inset 0 0 0 99rem rgb(127 127 127 / 14%); }
.actions > :focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
[lang="ar"] h1 { letter-spacing: 0; }
@media (prefers-color-scheme: dark) {
  .actions > .main, .mark { border: 1px solid var(--edge); }
}
@media (forced-colors: active) {
  .actions > .main { border-color: ButtonText; }
}
`
