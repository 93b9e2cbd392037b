// What a template's text may do, and that it cannot run for ever, read files, or see values that it is not given.
import { expect, test } from 'vitest'
import { loadTemplateEngine } from '../../adapters/templates/liquid.ts'
import type { TemplateValues } from '../../src/index.ts'

const facts: TemplateValues = {
  organization: { id: 'acme', name: 'Acme' },
  recipient: { name: 'Ada', firstName: null },
  role: 'member',
  code: null,
  metadata: { team: 'Red', projects: [{ name: 'One' }, { name: 'Two' }], tags: ['a', 'b'], count: 2, since: '2024-05-06' },
}
const sample: TemplateValues = { ...facts, metadata: null }
const engine = await loadTemplateEngine()

test.each([
  ['Hi {{ recipient.name }} of {{organization.name}}', 'Hi Ada of Acme'],
  ['{{ recipient.firstName }}|{{ recipient.firstName | default: "friend" }}', '|friend'],
  ['{% if code %}code {{ code }}{% else %}no code{% endif %}', 'no code'],
  ['{% unless metadata.note %}no note{% endunless %}{{ metadata.note | default: "!" }}', 'no note!'],
  ['{% case role %}{% when "member" %}in{% else %}out{% endcase %}', 'in'],
  ['{% for p in metadata.projects %}{{ forloop.index }} {{ p.name }};{% endfor %}', '1 One;2 Two;'],
  [
    '{{ metadata.tags | join: " and " }}, {{ metadata.count | plus: 1 }}, {{ metadata.since | date: "%-d %B %Y" }}',
    'a and b, 3, 6 May 2024',
  ],
  ['{{ metadata.projects[1].name }}{{ metadata.tags.first }}{{ metadata.tags.size }}', 'Twoa2'],
  ['{% assign who = recipient.name | upcase %}{{ who }} {{ who.size }}', 'ADA 3'],
  ['{% if role == "x" %}{% assign late = 1 %}{% endif %}[{{ late }}]', '[]'],
  ['{% raw %}{{ untouched }}{% endraw %}{% comment %}{{ nobody }}{% endcomment %}', '{{ untouched }}'],
])('%s', (text, written) => {
  expect([engine.flawOf(text, sample, 20_000), engine.write(text, facts, 1000)]).toEqual([null, written])
})

test.each([
  [
    'an unknown name, and what there is',
    '{{ nobody }}',
    /^there is no nobody here; there is organization.id, organization.name/,
  ],
  ['an unknown field', '{{ recipient.age }}', /no recipient\.age here/],
  ['one in a branch that is not taken', '{% if role == "x" %}{{ nobody }}{% endif %}', /no nobody here/],
  [
    'an object where a text must stand',
    '{{ recipient }}',
    /recipient is no text: write recipient\.name or recipient\.firstName/,
  ],
  ['all of metadata', '{{ metadata }}', /metadata is no text/],
  ['a name that is only known later', '{{ recipient[role] }}', /only known later/],
  ['what every object inherits', '{{ recipient.constructor }}', /no recipient\.constructor here/],
  ['the same by a detour', '{% assign r = recipient %}{{ r.constructor }}', /recipient is no text/],
  ['the same of a text', '{{ role.constructor }}', /no role\.constructor here/],
  ['the prototype', '{{ __proto__ }}', /no __proto__ here/],
  ['a filter that does not exist', '{{ role | shout }}', /undefined filter: shout/],
  ['a filter that unmakes what was made harmless', '{{ role | url_decode }}', /undefined filter: url_decode/],
  [
    'a filter without its argument, in a branch not taken',
    '{% if role == "x" %}{{ role | append }}{% endif %}',
    /append expect/,
  ],
  ['another file', '{% include "../../etc/passwd" %}', /tag "include" not found/],
  ['another template', '{% render "other" %}', /tag "render" not found/],
  ['a layout', '{% layout "other" %}', /tag "layout" not found/],
  ['a tag that is not closed', 'Dear {{ recipient.name', /not closed \(line 1, column 6\)/],
  ['a tag without an end', 'a\n{% if role %}', /not closed \(line 2, column 1\)/],
  ['an empty condition', '{% if %}x{% endif %}', /invalid value/],
  ['deep nesting', '{% if role %}'.repeat(21) + '{% endif %}'.repeat(21), /nested more than 20 deep/],
  ['a long loop', '{% for i in (1..1000000000) %}x{% endfor %}', /memory alloc limit/],
  ['loops in loops', '{% for a in (1..200) %}{% for b in (1..200) %}x{% endfor %}{% endfor %}', /too many steps/],
  ['loops that write nothing', '{% for a in (1..2000) %}{% endfor %}', /too many steps/],
  [
    'a text that doubles',
    `{% assign b = "0123456789" %}${'{% assign b = b | append: b %}'.repeat(40)}{{ b }}`,
    /memory alloc limit/,
  ],
  [
    'a text that is replaced by longer ones',
    `{{ role | replace: "m", "${'y'.repeat(5000)}" | replace: "y", "${'z'.repeat(5000)}" }}`,
    /memory alloc/,
  ],
  ['a date of a billion digits', '{{ "2024-01-01" | date: "%1000000000d" }}', /memory alloc limit/],
  ['what it becomes is too long', `{% for i in (1..300) %}${'0123456789'.repeat(10)}{% endfor %}`, /grows beyond 20000/],
  ['too many placeholders', '{{ role }}'.repeat(301), /more than 300 placeholders/],
  ['a text that is too long', `{{ role }}${'x'.repeat(20_000)}`, /parse length limit/],
])('refused: %s', (_, text, detail) => {
  expect(engine.flawOf(text, sample, 20_000)).toMatch(detail)
})

test('a text that passed the check has limits when it is rendered, too', () => {
  const write =
    (text: string, max = 100_000) =>
    () =>
      engine.write(text, facts, max)
  expect(write('{% for a in (1..200) %}{% for b in (1..200) %}x{% endfor %}{% endfor %}')).toThrow('too many steps')
  expect(write('{% for a in (1..1000000000) %}x{% endfor %}')).toThrow('memory alloc limit')
  expect(write('{{ role }}'.repeat(10), 59)()).toBe(`${'member'.repeat(9)}memb…`)
  expect(write('{{ role }}'.repeat(10), 60)()).toBe('member'.repeat(10))
})

test('a name that metadata lacks is in the error, wherever the text uses it', () => {
  const write = (text: string) => () => engine.write(text, facts, 1000)
  expect(write('{{ metadata.nothing }}')).toThrow('there is no metadata.nothing (line 1, column 4)')
  expect(write('{% for p in metadata.projects %}{{ p.owner }}{% endfor %}')).toThrow('there is no p.owner')
  expect(write('{{ metadata.constructor }}')).toThrow('there is no metadata.constructor')
  expect(write('{{ metadata.projects }}')).toThrow('writes an object')
  expect(engine.flawOf('{{ metadata.a.b.c }}{% for x in metadata.list %}{{ x.y }}{% endfor %}', sample, 99)).toBeNull()
})

test('no clock counts: the same text comes out the same each time', () => {
  const text = '{% for i in (1..300) %}{{ i }} {% endfor %}'
  const first = engine.write(text, facts, 10_000)
  expect(new Set(Array.from({ length: 20 }, () => engine.write(text, facts, 10_000)))).toEqual(new Set([first]))
})

const names = '%A'.repeat(900)
const long = `{% assign s = 'aaaa' %}${'{% assign s = s | append: s %}'.repeat(12)}`

test.each([
  ['names of days and months', `{% for i in (1..21) %}{{ '2020-01-01' | date: '${names}' }}{% endfor %}`],
  ['a long text searched again and again', `${long}{% for i in (1..900) %}{% if s contains 'b' %}x{% endif %}{% endfor %}`],
  [
    'a long list searched again and again',
    `${long}{% assign q = s | split: '' %}{% for i in (1..900) %}{% if q contains 'b' %}x{% endif %}{% endfor %}`,
  ],
  ['long texts compared again and again', `${long}{% for i in (1..900) %}{% if s == s %}x{% endif %}{% endfor %}`],
])('counts %s by what there is to look at', (_, text) => {
  expect(engine.flawOf(text, sample, 20_000)).toMatch(/memory alloc limit exceeded|too many steps/)
  expect(() => engine.write(text, facts, 20_000)).toThrow(/memory alloc limit exceeded|too many steps/)
})
