// Names of the browser that the types of playwright-core and postal-mime mention. Names only: `lib: ["DOM"]` would let
// `window` and `document` pass in src.
// biome-ignore-all lint/suspicious/noEmptyInterface: names only
interface Node {}
interface HTMLElement {}
interface SVGElement {}
interface HTMLElementTagNameMap {}
interface TextEncoder extends InstanceType<typeof import('node:util').TextEncoder> {}
interface TextDecoder extends InstanceType<typeof import('node:util').TextDecoder> {}

// Its own types describe the request body of every Koa app anew, against those of koa-body.
declare module 'koa-bodyparser' {
  export default function bodyParser(options?: object): import('koa').Middleware
}
