// Templates: what one contains, and the storage port that keeps them.

/** Every part is optional. What a template leaves out comes from the next default, and at last from the built-in texts. */
export interface TemplateSections {
  /** The mail. Without a body the built-in text is used. */
  readonly email?:
    | {
        /** One line of at most 200 characters. */
        readonly subject?: string | undefined
        /** Plain text, at most 10,000 characters; an empty line begins a new paragraph. The button is added. */
        readonly body?: string | undefined
        /** The name beside the address of the transport, at most 100 characters. */
        readonly senderName?: string | undefined
        /** The Reply-To addresses: one, or a list of up to 5. */
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

/** A stored template. For authors of a storage. */
export interface TemplateRecord {
  /** UUIDv7. */
  readonly id: string
  /** `''`: the template is everybody's. */
  readonly organizationId: string
  readonly name: string
  /** At most one template of an organization is its default. */
  readonly isDefault: boolean
  readonly content: TemplateContent
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly createdBy: string | null
}

/** The fields that `update` replaces. For authors of a storage. */
export type TemplateChange = Omit<TemplateRecord, 'createdAt' | 'createdBy'>

/**
 * Stored templates. A transaction that makes a default or removes a template increments the organization's revision first, so
 * that decisions on the old templates conflict, and two such transactions run one after the other. For authors of a storage.
 */
export interface Templates<Tx> {
  /** The organization's own and everybody's, by ascending id, from behind `after`. */
  list(
    query: { readonly organizationId: string; readonly limit: number; readonly after: string | null },
    tx?: Tx,
  ): Promise<readonly TemplateRecord[]>
  /** Those with these ids (UUIDs), in any organization, and the defaults of these organizations. Unordered; one statement. */
  find(
    query: { readonly ids: readonly string[]; readonly organizations: readonly string[] },
    tx?: Tx,
  ): Promise<readonly TemplateRecord[]>
  /** Atomic. A new default replaces the previous one, which stays as an ordinary template. */
  insert(template: TemplateRecord, tx?: Tx): Promise<void>
  /** As `insert`. Null when the organization has no template of this id: then nothing is written. */
  update(template: TemplateChange, tx?: Tx): Promise<TemplateRecord | null>
  /**
   * Removes it, unless a pending, unexpired invite names it (`in_use`). Exact for an organization's own. Of everybody's, an
   * invite that another organization makes at the same time may lose its template, and is then sent without it.
   */
  remove(
    template: { readonly id: string; readonly organizationId: string; readonly now: Date },
    tx?: Tx,
  ): Promise<'removed' | 'in_use' | 'not_found'>
}
