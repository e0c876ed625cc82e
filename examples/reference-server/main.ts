import { runProgram } from '@arclight/server/cli'
import { pages } from './pages.ts'

await runProgram(process.argv.slice(2), pages)
