// Any text at all, half characters included. (The `binary` unit of fast-check says the same, but takes seconds to be built.)
import fc from 'fast-check'

export const anything = fc.array(fc.nat(0x10_ffff)).map(points => String.fromCodePoint(...points))
