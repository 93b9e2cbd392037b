// Calls on stored templates: the texts and brand of an organization's invites, or of everybody's.
import type { TemplateContent } from '../ports/storage/templates.ts'
import type { Context, InTransaction } from './context.ts'
import type { TemplateInput, TemplateSample } from './inputs.ts'
import type { Template, TemplatePreview } from './results.ts'

/** `'system'` without an organization works on everybody's templates. */
export type TemplateContext<Tx> =
  | Context<Tx>
  | (InTransaction<Tx> & { readonly actor: 'system'; readonly organizationId?: undefined })

/** Whoever may grant at least one role writes and sees an organization's templates. */
export interface TemplateCalls<Tx> {
  /**
   * Stores a template. Its texts are first parsed and filled in with sample values, to find mistakes.
   *
   * ```ts
   * const { template } = await invites.templates.create(
   *   { name: 'Warm', default: true, content: { email: { subject: '{{ inviter.name }} would like you in {{ organization.name }}' } } },
   *   { actor },
   * )
   * ```
   * A new default replaces the previous one. Throws `template_invalid` (with `errors: [{ path, detail }]`),
   * `forbidden`, `invalid_input`. Texts with placeholders need the package `liquidjs`.
   */
  create(input: TemplateInput, context: TemplateContext<Tx>): Promise<{ readonly template: Template }>
  /**
   * One template, of the organization or everybody's.
   *
   * ```ts
   * const template = await invites.templates.get({ id }, { actor })
   * ```
   * Throws `template_not_found`, also for another organization's.
   */
  get(input: { readonly id: string }, context: TemplateContext<Tx>): Promise<Template>
  /**
   * The organization's templates and everybody's, oldest first, 1 to 200 at a time (default 50).
   *
   * ```ts
   * const { data, nextCursor } = await invites.templates.list({}, { actor })
   * ```
   */
  list(
    input: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
    context: TemplateContext<Tx>,
  ): Promise<{ readonly data: readonly Template[]; readonly nextCursor: string | null }>
  /**
   * Replaces a template as a whole: what is left out is deleted. Messages that are not sent yet use the new texts.
   *
   * ```ts
   * await invites.templates.update({ id, name: 'Warm', content: { brand: { color: '#17594f' } } }, { actor })
   * ```
   * Throws as `create` does, `template_not_found`, and `forbidden` for everybody's.
   */
  update(input: TemplateInput & { readonly id: string }, context: TemplateContext<Tx>): Promise<{ readonly template: Template }>
  /**
   * Deletes a template.
   *
   * ```ts
   * await invites.templates.remove({ id }, { actor })
   * ```
   * Throws `template_in_use` while a pending invite names it, `template_not_found`, and `forbidden` for everybody's.
   */
  remove(input: { readonly id: string }, context: TemplateContext<Tx>): Promise<void>
  /**
   * What the messages and pages of an invite would say. Sends and stores nothing.
   *
   * ```ts
   * const { email } = await invites.templates.preview({ content, locale: 'de', sample: { recipient: { firstName: 'Ada' } } }, { actor })
   * ```
   * `content` replaces what is stored under `id`; at least one of them is needed. What they leave out comes from the default
   * templates, as in an invite. Throws `template_invalid`, `template_not_found`.
   */
  preview(
    input: {
      readonly id?: string | undefined
      readonly content?: TemplateContent | undefined
      /** Only the message of this channel. Default: the mail, and the text of all other channels. */
      readonly channel?: string | undefined
      /** A BCP 47 tag such as `pt-BR`. */
      readonly locale?: string | undefined
      readonly sample?: TemplateSample | undefined
    },
    context: TemplateContext<Tx>,
  ): Promise<TemplatePreview>
}
