// The one suite that every storage passes: each promise of the port, as functions over a factory.
import { describe } from 'vitest'
import { addresses } from './addresses.ts'
import { beforeCommit } from './before-commit.ts'
import { counters } from './counters.ts'
import { counts } from './counts.ts'
import { disabledSinks } from './disabled-sinks.ts'
import { erasing } from './erasing.ts'
import { facts } from './facts.ts'
import { filters } from './filters.ts'
import { history } from './history.ts'
import { joining } from './joining.ts'
import { lookups } from './lookups.ts'
import { outbox } from './outbox.ts'
import { races } from './races.ts'
import { records } from './records.ts'
import { reminding } from './reminding.ts'
import { reports } from './reports.ts'
import { revisions } from './revisions.ts'
import { settling } from './settling.ts'
import { type Make, type Traits, useSubject } from './subject.ts'
import { summary } from './summary.ts'
import { joinedTemplates, templates } from './templates.ts'
import { walks } from './walks.ts'

/** `make` gives an empty, migrated store each time. */
export function storageContract<Tx>(name: string, make: Make<Tx>, traits: Traits): void {
  describe(name, () => {
    const subject = useSubject(make)
    revisions(subject)
    records(subject)
    addresses(subject)
    facts(subject)
    counts(subject)
    beforeCommit(subject, traits)
    history(subject)
    filters(subject)
    walks(subject)
    lookups(subject)
    summary(subject)
    counters(subject)
    outbox(subject, make)
    settling(subject)
    erasing(subject)
    reminding(make)
    reports(subject)
    disabledSinks(subject)
    races(subject, traits)
    templates(subject)
    if (traits.joins) joining(subject)
    if (traits.joins) joinedTemplates(subject)
  })
}

/**
 * The part of it that a library between a storage and its database can break: values on their way in and out (texts, times,
 * JSON, nulls, large numbers, lists), errors, conflicts, and transactions, ours and the host's.
 */
export function connectorContract<Tx>(name: string, make: Make<Tx>, traits: Traits): void {
  describe(name, () => {
    const subject = useSubject(make)
    revisions(subject)
    records(subject)
    facts(subject)
    beforeCommit(subject, traits)
    filters(subject)
    lookups(subject)
    summary(subject)
    counters(subject)
    disabledSinks(subject)
    templates(subject)
    joining(subject)
    joinedTemplates(subject)
  })
}
