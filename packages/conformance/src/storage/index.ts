export type { StorageSuiteOptions, StorageSupport } from './suite.ts'
export { storageSuite } from './suite.ts'
