// The default report; then what was left out and why; and as the very last line `N passed, N failed`.
import { DefaultReporter, type SerializedError, type TestModule, type TestRunEndReason } from 'vitest/node'

/** Counts tests, not files. A file or hook that fails outside of any test counts as one failed. */
export default class TotalReporter extends DefaultReporter {
  private passed = 0
  private failed = 0
  private skipped = 0
  private reasons: readonly string[] = []

  constructor() {
    super()
    // On exit, because coverage and late errors print after the run has ended.
    process.once('exit', code => {
      for (const reason of this.reasons) process.stdout.write(`left out: ${reason}\n`)
      process.stdout.write(`${this.total(code)}\n`)
    })
  }

  override onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    super.onTestRunEnd(modules, unhandled, reason)
    const results = modules.flatMap(module => [...module.children.allTests()].map(test => test.result()))
    const states = results.map(({ state }) => state)
    const suites = modules.flatMap(module => [module, ...module.children.allSuites()])
    const outside = suites.reduce((sum, suite) => sum + suite.errors().length, unhandled.length)
    this.passed = states.filter(state => state === 'passed').length
    const notes = results.flatMap(result => (result.state === 'skipped' ? [result.note ?? 'no reason was given'] : []))
    this.reasons = [...new Set(notes)]
    this.skipped = states.filter(state => state === 'skipped').length
    this.failed = states.length - this.passed - this.skipped + outside
  }

  private total(code: number): string {
    const failed = this.failed === 0 && code !== 0 ? 1 : this.failed
    return `${this.passed} passed, ${failed} failed${this.skipped === 0 ? '' : `, ${this.skipped} skipped`}`
  }
}
