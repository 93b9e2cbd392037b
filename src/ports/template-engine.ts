// What fills in the placeholders of a template's text.

/** The values that a text may name: text, null for what an invite does not have, or an object of them. */
export type TemplateValues = { readonly [name: string]: TemplateValue }
export type TemplateValue = string | number | boolean | null | readonly TemplateValue[] | TemplateValues

/** `metadata` is the host's own: a text may name anything in it. Null stands for whatever it may hold, in a sample. */
export interface TemplateEngine {
  /** What is wrong with a text, in one sentence: it does not parse, names what is not in the sample, or grows beyond `max`. */
  flawOf(text: string, sample: TemplateValues, max: number): string | null
  /**
   * The text with everything filled in, cut at `max` characters. Throws when metadata lacks what the text names, or makes
   * its loops too long; for no other facts of the sample's shape.
   */
  write(text: string, facts: TemplateValues, max: number): string
}

/** Loads the writer on first use. */
export type TemplateEngineSource = () => Promise<TemplateEngine>
