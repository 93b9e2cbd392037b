// The OpenAPI document is valid, and says what the handler does.
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { createHandler } from '../../adapters/http/index.ts'
import { createTestInvites } from '../../adapters/testing/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
async function document(): Promise<any> {
  const { invites, actor } = await createTestInvites({ roles: { boss: { grants: ['worker'] }, worker: {} } })
  const handler = createHandler(invites, { actor: () => actor.boss })
  const answer = await handler(new Request('https://app.example.com/invites/openapi.json'))
  expect(answer.headers.get('content-type')).toBe('application/json')
  return answer.json()
}

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(await document())).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('every reference leads somewhere', async () => {
  const { components, ...rest } = await document()
  const refs = [...JSON.stringify({ components, ...rest }).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '')
  expect(refs.length).toBeGreaterThan(30)
  for (const ref of refs) {
    const [, , kind = '', name = ''] = ref.split('/')
    expect([ref, ref.startsWith('#/components/'), name in components[kind]]).toEqual([ref, true, true])
  }
})

test('it has the routes of the table, with their statuses', async () => {
  const { paths } = await document()
  const lines = Object.entries<Record<string, { responses: object }>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => `${method} ${path} ${Object.keys(responses).join(' ')}`),
  )
  expect(lines).toEqual(
    expect.arrayContaining([
      'post / 200 201 default',
      'get / 200 default',
      'post /bulk 200 default',
      'patch /{id} 200 default',
      'post /{id}/erase 204 default',
      'post /accept 200 default',
      'put /templates/{id} 200 default',
      'delete /templates/{id} 204 default',
      'post /templates/{id}/preview 200 default',
      'get /i/{token} 200 404 409 410 default',
      'post /callbacks/{transport} 204 default',
      'get /u/{signed} 200 404 default',
      'post /u/{signed} 200 404 default',
    ]),
  )
})

test('the sections of a template are told, in one schema', async () => {
  const { components } = await document()
  const { TemplateContent, TemplateInput, Template } = components.schemas
  expect(Object.keys(TemplateContent.properties)).toEqual(['email', 'sms', 'landing', 'success', 'brand', 'locales'])
  expect(TemplateContent.properties.email.properties.body).toMatchObject({ type: 'string', maxLength: 10_000 })
  for (const { properties } of [TemplateInput, Template]) expect(properties.content.$ref).toContain('/TemplateContent')
})

test("roles are the host's own, and keys, pages and lists are told", async () => {
  const { paths, components, servers } = await document()
  expect(components.schemas.Role.enum).toEqual(['boss', 'worker'])
  expect(servers).toEqual([{ url: 'https://app.example.com/invites' }])
  expect(paths['/'].post.parameters).toMatchObject([{ name: 'Idempotency-Key', in: 'header' }])
  const status = paths['/'].get.parameters.find(({ name }: { name: string }) => name === 'status')
  expect(status).toMatchObject({ in: 'query', explode: false, schema: { type: 'array' } })
  expect(paths['/{id}'].get.parameters).toMatchObject([{ name: 'id', in: 'path', required: true }, { name: 'include' }])
})

test('what others than the host’s own pages send is told with its types', async () => {
  const { paths } = await document()
  const content = (path: string) => paths[path].post.requestBody.content
  expect(Object.keys(content('/callbacks/{transport}'))).toEqual(['*/*'])
  expect(Object.keys(content('/u/{signed}'))).toEqual(['multipart/form-data', 'application/x-www-form-urlencoded'])
  expect(content('/i/{token}')['application/x-www-form-urlencoded'].schema.properties.action.enum).toContain('renew')
})
