export type { ClientCase } from './case.ts'
export { clientCases } from './cases/index.ts'
export type {
  Action,
  Capability,
  ClientSettings,
  ClientUnderTest,
  DrivenClient,
  Outcome,
  Told,
  ToldMessage,
} from './client-under-test.ts'
export { lineOfResult, type ReportFormat, reportOf, summaryOf } from './report.ts'
export { judgedRules, ruleReasons } from './rule-reasons.ts'
export { type CaseResult, type RunOptions, runClientCase, runClientCases } from './run-cases.ts'
export type { KitServer } from './server/kit-server.ts'
export { MISBEHAVIOURS, type Misbehaviour } from './server/misbehaviours.ts'
