// The calls of the client: those of the library that HTTP has.
import type {
  Accepted,
  BulkAnswer,
  BulkInput,
  ByToken,
  ByTokenOrId,
  Created,
  CreateInput,
  Duration,
  HistoryEntry,
  Invite,
  JsonObject,
  ListAnswer,
  Listed,
  ListInput,
  MemberView,
  Preview,
  RecipientInput,
  Summary,
  Template,
  TemplateContent,
  TemplateInput,
  TemplatePreview,
  TemplateSample,
} from '../../src/core.ts'
import type { CallOptions } from './send.ts'

/** An input without the fields that only calls in process have. */
type HttpInput<T> = T extends unknown ? Omit<T, 'linkPattern' | 'extra' | 'template'> : never
type Bulk<T extends BulkInput<string, unknown>> = Omit<T, 'invites' | 'defaults'> & {
  readonly invites: readonly HttpInput<T['invites'][number]>[]
  readonly defaults?: HttpInput<NonNullable<T['defaults']>> | undefined
}
type Page<T> = { readonly data: readonly T[]; readonly nextCursor: string | null }
type One<Role extends string, Metadata> = { readonly invite: Invite<Role, Metadata> }

/** Every call throws an `InviteError`, as the library itself does. When the server cannot be reached its code is `unavailable`. */
export interface InvitesClient<Role extends string = string, Metadata = JsonObject> {
  create(input: HttpInput<CreateInput<Role, Metadata>>, options?: CallOptions): Promise<Created<Role, Metadata>>
  createMany(input: Bulk<BulkInput<Role, Metadata>>, options?: CallOptions): Promise<BulkAnswer<Role, Metadata>>
  get(
    input: { readonly id: string; readonly include?: readonly 'link'[] },
    options?: CallOptions,
  ): Promise<Listed<Role, Metadata>>
  list(input?: ListInput<Role>, options?: CallOptions): Promise<ListAnswer<Role, Metadata>>
  /** All pages, one invite after the other: `for await (const invite of client.each())`. */
  each(input?: Omit<ListInput<Role>, 'cursor'>, options?: CallOptions): AsyncIterable<Listed<Role, Metadata>>
  mine(input?: object, options?: CallOptions): Promise<{ readonly data: readonly Invite<Role, Metadata>[] }>
  preview(input: ByToken, options?: CallOptions): Promise<Preview<Role>>
  open(input: { readonly token: string }, options?: CallOptions): Promise<void>
  accept(input: ByTokenOrId & { readonly role?: string | undefined }, options?: CallOptions): Promise<Accepted<Role, Metadata>>
  decline(input: ByTokenOrId & { readonly reason?: string | undefined }, options?: CallOptions): Promise<One<Role, Metadata>>
  renew(input: ByToken, options?: CallOptions): Promise<void>
  resend(
    input: {
      readonly id: string
      readonly rotate?: boolean | undefined
      readonly channels?: readonly string[] | undefined
      readonly expiresIn?: Duration | null | undefined
    },
    options?: CallOptions,
  ): Promise<One<Role, Metadata>>
  revoke(
    input: { readonly id: string; readonly reason?: string | undefined },
    options?: CallOptions,
  ): Promise<One<Role, Metadata>>
  update(
    input: {
      readonly id: string
      readonly role?: Role | undefined
      readonly expiresIn?: Duration | null | undefined
      readonly metadata?: Metadata | undefined
      readonly recipient?: Omit<RecipientInput, 'email' | 'phone'> | undefined
    },
    options?: CallOptions,
  ): Promise<One<Role, Metadata>>
  link(input: { readonly id: string }, options?: CallOptions): Promise<{ readonly link: string; readonly code?: string }>
  history(
    input: { readonly id: string; readonly cursor?: string | undefined },
    options?: CallOptions,
  ): Promise<Page<HistoryEntry>>
  summary(input?: object, options?: CallOptions): Promise<Summary<Role>>
  erase(input: { readonly id: string }, options?: CallOptions): Promise<void>
  readonly members: {
    list(
      input?: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
      options?: CallOptions,
    ): Promise<Page<MemberView<Role>>>
  }
  readonly templates: {
    create(input: TemplateInput, options?: CallOptions): Promise<{ readonly template: Template }>
    get(input: { readonly id: string }, options?: CallOptions): Promise<Template>
    list(
      input?: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
      options?: CallOptions,
    ): Promise<Page<Template>>
    update(input: TemplateInput & { readonly id: string }, options?: CallOptions): Promise<{ readonly template: Template }>
    remove(input: { readonly id: string }, options?: CallOptions): Promise<void>
    preview(
      input: {
        readonly id?: string | undefined
        readonly content?: TemplateContent | undefined
        readonly channel?: string | undefined
        readonly locale?: string | undefined
        readonly sample?: TemplateSample | undefined
      },
      options?: CallOptions,
    ): Promise<TemplatePreview>
  }
}
