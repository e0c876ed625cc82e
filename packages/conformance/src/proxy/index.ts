export { type LoggedFrame, lineOf } from './frame-log.ts'
export { type Direction, type FrameKind, parseRules, type Rule, type When, type Where } from './rule.ts'
export { type FaultProxy, type ProxyOptions, startProxy } from './start-proxy.ts'
