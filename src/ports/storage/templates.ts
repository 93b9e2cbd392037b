// Stored texts and looks: what a template holds, and how storage keeps it.

/** Every part may be left out: what one template does not say, the next says, and at last the built-in one. */
export interface TemplateSections {
  /** The mail. Without a body it says what the built-in one says. */
  readonly email?:
    | {
        /** One line of at most 200 characters. */
        readonly subject?: string | undefined
        /** Plain text, at most 10,000 characters; an empty line begins a new paragraph. The button is added. */
        readonly body?: string | undefined
        /** The name beside the address of the transport, at most 100 characters. */
        readonly senderName?: string | undefined
        /** Where answers go: one address, or up to 5. */
        readonly replyTo?: string | readonly string[] | undefined
      }
    | undefined
  /** Every other channel: at most 1,000 characters. The link is added unless the text has it. */
  readonly sms?: { readonly body?: string | undefined } | undefined
  /** The page behind the link, while the invite can be accepted. */
  readonly landing?: TemplatePage | undefined
  /** The page after accepting: with it, `pages.afterAccept` is where its button leads. */
  readonly success?: TemplatePage | undefined
  /** `name` up to 100 characters, `logoUrl` https, `color` as `#rrggbb`: no placeholders. */
  readonly brand?:
    | { readonly name?: string | undefined; readonly logoUrl?: string | undefined; readonly color?: string | undefined }
    | undefined
}

export interface TemplatePage {
  /** One line of at most 150 characters. */
  readonly header?: string | undefined
  /** Plain text of at most 2,000 characters. */
  readonly description?: string | undefined
  /** One line of at most 60 characters. */
  readonly button?: string | undefined
}

/**
 * Texts are Liquid: `{{ organization.name }}`, `organization.id`, `inviter.name`, `recipient.name`, `.firstName`,
 * `.lastName`, `.fullName`, `role`, `expiresAt`, `metadata.…`; in messages also `recipient.email`, and in their bodies `link`
 * and `code`. Conditions, loops and text filters work; files, other templates and `extra` cannot be reached. `locales` has
 * the same sections by language tag (`de`, `pt-BR`), which go before the others for recipients of that language.
 */
export interface TemplateContent extends TemplateSections {
  readonly locales?: { readonly [tag: string]: TemplateSections } | undefined
}

export interface TemplateRecord {
  /** UUIDv7. */
  readonly id: string
  /** `''`: everybody's. */
  readonly organizationId: string
  readonly name: string
  /** At most one of an organization. */
  readonly isDefault: boolean
  readonly content: TemplateContent
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly createdBy: string | null
}

/** What `update` replaces. */
export type TemplateChange = Omit<TemplateRecord, 'createdAt' | 'createdBy'>

/**
 * In each unit that makes a default or removes, the organization's revision is bumped first: whoever decided on the
 * templates before decides again, and two such units go one after the other.
 */
export interface Templates<Tx> {
  /** The organization's own and everybody's, by id. */
  list(
    query: { readonly organizationId: string; readonly limit: number; readonly after: string | null },
    tx?: Tx,
  ): Promise<readonly TemplateRecord[]>
  /** Those with these ids (UUIDs), whosever they are, and the defaults of these organizations; in no order. One statement. */
  find(
    wanted: { readonly ids: readonly string[]; readonly organizations: readonly string[] },
    tx?: Tx,
  ): Promise<readonly TemplateRecord[]>
  /** A new default takes its place from the one before. */
  insert(template: TemplateRecord, tx?: Tx): Promise<void>
  /** The same; null when the organization has no template of this id, and nothing is written. */
  update(template: TemplateChange, tx?: Tx): Promise<TemplateRecord | null>
  /**
   * Unless a live pending invite names it. Exact for an organization's own; an invite that another organization makes
   * of everybody's at that moment may lose it, and is then sent without.
   */
  remove(
    template: { readonly id: string; readonly organizationId: string; readonly now: Date },
    tx?: Tx,
  ): Promise<'removed' | 'in_use' | 'not_found'>
}
