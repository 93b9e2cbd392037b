// The files that the pages load: one stylesheet with the brand's colour in it. Its name is a hash of its content.
import { createHash } from 'node:crypto'
import type { Config } from '../../../src/core.ts'
import { stylesheet } from './stylesheet.ts'

export interface Asset {
  readonly type: string
  readonly body: string
}

const defaultColor = '#17594f'

const isColor = (text: string | null | undefined): text is string => /^#[0-9a-f]{6}$/i.test(text ?? '')

/** The host's own assets by name. The same name always has the same body, so clients may cache it forever. */
export function assetsOf({ pages }: Pick<Config, 'pages'>): ReadonlyMap<string, Asset> {
  const own = pages.brand?.color
  const { hash, asset } = coloured(isColor(own) ? own : defaultColor)
  return new Map([[`${hash}.css`, asset]])
}

/** One asset by name; also the stylesheet in the colour of a template, which stands in the name. */
export function assetNamed(config: Pick<Config, 'pages'>, name: string): Asset | null {
  const [, hex] = /^([0-9a-f]{6})-[\w-]{16}\.css$/.exec(name) ?? []
  if (hex === undefined) return assetsOf(config).get(name) ?? null
  const { hash, asset } = coloured(`#${hex}`)
  return name === `${hex}-${hash}.css` ? asset : null
}

function coloured(color: string): { readonly hash: string; readonly asset: Asset } {
  const body = stylesheet(color, textColorOn(color))
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 16)
  return { hash, asset: { type: 'text/css; charset=utf-8', body } }
}

/** The absolute path of the stylesheet. `color`: that of a template, instead of the host's. */
export function stylesheetHref(config: Pick<Config, 'pages' | 'publicUrl'>, color: string | null = null): string {
  const hex = isColor(color) ? color.slice(1).toLowerCase() : null
  const [own = ''] = assetsOf(config).keys()
  const name = hex === null ? own : `${hex}-${coloured(`#${hex}`).hash}.css`
  return `${new URL(config.publicUrl).pathname.replace(/\/+$/, '')}/assets/${name}`
}

/** Black or white, whichever has more contrast on the colour (WCAG relative luminance). */
function textColorOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff'
}
