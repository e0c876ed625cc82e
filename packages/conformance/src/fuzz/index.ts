export { type FuzzOptions, type FuzzReport, fuzzServer } from './fuzz-server.ts'
export { type Known, type RandomRequest, RandomRequests } from './random-request.ts'
