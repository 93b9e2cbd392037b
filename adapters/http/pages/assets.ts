// The files that the pages load: one stylesheet, named by its content, with the brand's colour in it.
import { createHash } from 'node:crypto'
import type { Config } from '../../../src/core.ts'
import { stylesheet } from './stylesheet.ts'

export interface Asset {
  readonly type: string
  readonly body: string
}

const standard = '#17594f'

const isColor = (text: string | null | undefined): text is string => /^#[0-9a-f]{6}$/i.test(text ?? '')

/** By name, as `GET /assets/:name` serves them: `text/css`, and never another body under the same name. */
export function assetsOf({ pages }: Pick<Config, 'pages'>): ReadonlyMap<string, Asset> {
  const own = pages.brand?.color
  const { hash, asset } = coloured(isColor(own) ? own : standard)
  return new Map([[`${hash}.css`, asset]])
}

/** One of them, or the same in the colour of a template, which its name tells. */
export function assetNamed(config: Pick<Config, 'pages'>, name: string): Asset | null {
  const [, hex] = /^([0-9a-f]{6})-[\w-]{16}\.css$/.exec(name) ?? []
  if (hex === undefined) return assetsOf(config).get(name) ?? null
  const { hash, asset } = coloured(`#${hex}`)
  return name === `${hex}-${hash}.css` ? asset : null
}

function coloured(color: string): { readonly hash: string; readonly asset: Asset } {
  const body = stylesheet(color, inkOn(color))
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 16)
  return { hash, asset: { type: 'text/css; charset=utf-8', body } }
}

/** As an absolute path, so that it is found from any page below the mount. `color`: a template's. */
export function stylesheetHref(config: Pick<Config, 'pages' | 'publicUrl'>, color: string | null = null): string {
  const hex = isColor(color) ? color.slice(1).toLowerCase() : null
  const [own = ''] = assetsOf(config).keys()
  const name = hex === null ? own : `${hex}-${coloured(`#${hex}`).hash}.css`
  return `${new URL(config.publicUrl).pathname.replace(/\/+$/, '')}/assets/${name}`
}

/** Black or white, whichever can be read better on the colour (WCAG relative luminance). */
function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff'
}
