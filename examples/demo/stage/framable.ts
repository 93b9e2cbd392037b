// For this demo alone: it shows the landing page in a frame of its own. Leave the header as it is in an app of yours;
// it keeps strangers from laying their page over the Accept button.
import type { RequestHandler } from 'express'

export const framable: RequestHandler = (_req, res, next) => {
  const set = res.setHeader.bind(res)
  res.setHeader = (name, value) => {
    if (name.toLowerCase() === 'x-frame-options') return set(name, 'SAMEORIGIN')
    return set(name, typeof value === 'string' ? value.replace("frame-ancestors 'none'", "frame-ancestors 'self'") : value)
  }
  next()
}
