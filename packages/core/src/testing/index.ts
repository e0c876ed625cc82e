export { type Faults, faultTransport } from './fault-transport.ts'
export { ManualClock } from './manual-clock.ts'
export { type ScriptedConnection, ScriptedServer } from './scripted-server.ts'
export { seededRandom } from './seeded-random.ts'
