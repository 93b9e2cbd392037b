// Port: the engine that fills in the placeholders of template texts.

/** The values that a text may name: text, null for what an invite does not have, or an object of them. */
export type TemplateValues = { readonly [name: string]: TemplateValue }
export type TemplateValue = string | number | boolean | null | readonly TemplateValue[] | TemplateValues

/** Fills in texts. In a sample, `metadata: null` means that a text may name anything in it. */
export interface TemplateEngine {
  /**
   * What is wrong with a text, in one sentence: it does not parse, names a value that the sample does not have, or becomes
   * longer than `max` characters. Null when nothing is.
   */
  flawOf(text: string, sample: TemplateValues, max: number): string | null
  /**
   * The text with its placeholders filled in, cut at `max` characters. For a text that `flawOf` passed, it throws only when
   * `metadata` lacks a value that the text names, or makes its loops too long.
   */
  write(text: string, facts: TemplateValues, max: number): string
}

/** Loads the engine on first use. */
export type TemplateEngineSource = () => Promise<TemplateEngine>
