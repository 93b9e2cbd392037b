// Pages by tagged template: what is put in is escaped, unless this template made it.
export interface Html {
  readonly html: string
}

type Put = Html | string | number | null | undefined | false | readonly Html[]

export const html = (parts: TemplateStringsArray, ...values: readonly Put[]): Html => ({
  html: parts.map((part, index) => part + write(values[index])).join(''),
})

function write(value: Put): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value))
  return 'html' in value ? value.html : value.map(each => each.html).join('')
}

const escaped = (text: string) => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)

/** A whole page, with stylesheets beside those of the app; the first of them names the kind of page. */
export const page = (title: string, content: Html, ...sheets: readonly string[]): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Acme Notes</title>
<link rel="icon" href="data:,">
${['app', 'controls', ...sheets].map(name => html`<link rel="stylesheet" href="/${name}.css">`)}
<script src="/demo.js" defer></script>
</head>
<body class="${sheets[0]}">
${content}
</body>
</html>
`.html
